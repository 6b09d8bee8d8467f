package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** The payload of a span container. Whatever is wrong here costs all its spans: `invalid_json`. */
internal object SpanContainerRules {
    /**
     * Relay allows 3 million parser steps, about 225 attributes on each of 1000 spans. The same container has this many
     * values and keys.
     */
    private const val MAX_VALUES = 1_350_000
    private const val VERSION = 2L
    private const val MAX_SPANS = 1_000

    /** The spans, which are objects and nothing more, or null if the container is rejected. */
    fun read(item: ReceivedItem, findings: Findings): List<JsonObject>? {
        val json = try {
            item.json(MAX_VALUES)
        } catch (e: NotJson) {
            return reject(item, findings, e.message.orEmpty())
        }
        val container = json.value as? JsonObject ?: return reject(item, findings, "the payload is not an object")
        val elements = container["items"] as? JsonArray ?: return reject(item, findings, "no array 'items'", "items")
        val spans = elements.filterIsInstance<JsonObject>()
        val problem = problem(item, elements, spans)
        if (problem != null) return reject(item, findings, problem.first, problem.second)
        advise(container, spans, json.repeatedKeys, findings)
        return spans
    }

    private fun problem(item: ReceivedItem, elements: JsonArray, spans: List<JsonObject>): Pair<String, String>? {
        val announced = item.header["item_count"]
        val odd = elements.firstOrNull { it !is JsonObject }
        val header = spans.firstNotNullOfOrNull { span -> span["__header"]?.takeIf { it !is JsonObject } }
        return when {
            announced.isAbsent -> {
                "item_count is missing" to "item_count"
            }

            announced.unsignedOrNull(MAX_U32) != elements.size.toLong() -> {
                "item_count is ${announced.shown()}, but there are ${elements.size} spans" to "item_count"
            }

            odd != null -> {
                "not an object: ${odd.shown()}" to "items"
            }

            header != null -> {
                "__header is not an object: ${header.shown()}" to "__header"
            }

            else -> {
                null
            }
        }
    }

    private fun advise(
        container: JsonObject,
        spans: List<JsonObject>,
        repeated: List<RepeatedKey>,
        findings: Findings,
    ) {
        if (container["version"].unsignedOrNull(MAX_U16) != VERSION) {
            findings.warn("container: version is ${container["version"]?.shown() ?: "missing"}, not $VERSION")
        }
        if (spans.isEmpty()) findings.warn("container: no spans")
        if (spans.size > MAX_SPANS) findings.warn("container: ${spans.size} spans, at most $MAX_SPANS should be sent")
        repeated.forEach { findings.warn("container: key '${it.key.printable()}' stands twice in one object") }
    }

    private fun reject(item: ReceivedItem, findings: Findings, problem: String, field: String? = null): Nothing? {
        findings.reject(Rejection("invalid_json", "span", item.spanCount, problem, field))
        return null
    }

    private fun JsonElement?.shown(): String = toString().printable()
}

package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonArrayBuilder
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.add
import kotlinx.serialization.json.addJsonArray
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray

/** All of one span for the page; only what no screen can show is cut, and the page is told how much that is. */
internal object SpanJson {
    private const val MAX_ATTRIBUTES = 2_000
    private const val MAX_LINKS = 1_000
    private const val MAX_VALUE = 10_000

    fun of(kept: KeptSpan): JsonObject = buildJsonObject {
        val span = kept.span
        put("id", span.spanId)
        put("parent", span.parentSpanId)
        put("segment", span.segmentId)
        put("name", span.name.take(MAX_VALUE))
        put("status", span.status.take(MAX_VALUE))
        put("start", span.startTimestamp.toString())
        put("end", span.endTimestamp.toString())
        put("micros", span.endMicros - span.startMicros)
        put("received", kept.receivedAt.toString())
        putJsonArray("attributes") { attributes(span.attributes) }
        put("moreAttributes", maxOf(0, span.attributes.size - MAX_ATTRIBUTES))
        putJsonArray("links") { span.links.take(MAX_LINKS).forEach { link(it) } }
        put("moreLinks", maxOf(0, span.links.size - MAX_LINKS))
    }

    private fun JsonArrayBuilder.link(link: ReceivedLink) = addJsonObject {
        put("trace", link.traceId)
        put("span", link.spanId)
        put("sampled", link.sampled)
        putJsonArray("attributes") { attributes(link.attributes) }
    }

    /** Key, type, value as text, and how many characters were cut off. */
    private fun JsonArrayBuilder.attributes(attributes: Map<String, Any>) =
        attributes.entries.take(MAX_ATTRIBUTES).forEach { (key, value) ->
            val text = value.toString()
            addJsonArray {
                add(key.take(MAX_VALUE))
                add(typeOf(value))
                add(text.take(MAX_VALUE))
                add(maxOf(0, text.length - MAX_VALUE))
            }
        }

    private fun typeOf(value: Any) = when (value) {
        is String -> "string"
        is Boolean -> "boolean"
        is Long -> "integer"
        is Double -> "double"
        else -> "array"
    }
}

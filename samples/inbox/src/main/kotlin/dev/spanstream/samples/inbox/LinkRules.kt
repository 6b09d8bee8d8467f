package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** The links of a span. A bad one costs the link, never the span. */
internal object LinkRules {
    fun links(links: JsonElement?, where: String, findings: Findings): List<ReceivedLink> {
        if (links.isAbsent) return emptyList()
        if (links !is JsonArray) {
            findings.warn("$where: links is not an array, Relay sets it to null")
            return emptyList()
        }
        return links.mapNotNull { json ->
            link(json, where, findings).also {
                if (it == null) findings.warn("$where: a link becomes null: ${json.toString().printable()}")
            }
        }
    }

    private fun link(json: JsonElement, where: String, findings: Findings): ReceivedLink? {
        if (json !is JsonObject) return null
        val traceId = Ids.traceId(json["trace_id"].stringOrNull) ?: return null
        val spanId = Ids.spanId(json["span_id"].stringOrNull) ?: return null
        val attributes = AttributeRules.plain(json["attributes"], "$where, link", findings)
        return ReceivedLink(traceId, spanId, json["sampled"].trueOrFalse, attributes)
    }
}

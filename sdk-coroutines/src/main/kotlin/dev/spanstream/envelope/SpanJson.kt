package dev.spanstream.envelope

import dev.spanstream.SpanLink
import dev.spanstream.sink.FinishedSpan
import java.util.function.BiConsumer

/**
 * Writes spans as the protocol wants them (sdk/telemetry/spans, "Span Properties"), field by field in the order of
 * the specification, so that equal spans give equal bytes. Attributes are written while they are shown, and never
 * collected. Used by one thread.
 */
internal class SpanJson(private val json: JsonBytes, heads: AttributeHeads) {
    private val attributes = Attributes(json, heads)

    /** @throws IllegalArgumentException if an attribute is of a kind that the protocol does not know */
    fun write(span: FinishedSpan) {
        val tree = span.tree
        json.raw(TRACE_ID)
        json.id(tree.traceIdHigh, tree.traceIdLow)
        json.raw(SPAN_ID)
        json.id(span.spanIdBits)
        if (span.parentSpanIdBits != 0L) {
            json.raw(PARENT_SPAN_ID)
            json.id(span.parentSpanIdBits)
        }
        json.raw(NAME)
        json.text(span.name)
        json.raw(STATUS)
        json.text(span.status.wireName())
        json.raw(if (span.isServiceSpan) SEGMENT else NO_SEGMENT)
        json.raw(START)
        json.seconds(span.startMicros)
        json.raw(END)
        json.seconds(span.endMicros)
        attributes.write { action -> span.forEachAttribute(action) }
        links(span.links)
        json.raw('}')
    }

    private fun links(links: List<SpanLink>) {
        if (links.isEmpty()) return
        json.raw(LINKS)
        links.forEachIndexed { index, link ->
            if (index > 0) json.raw(',')
            link(link)
        }
        json.raw(']')
    }

    /** What is unknown or empty is left out. */
    private fun link(link: SpanLink) {
        json.raw(TRACE_ID)
        json.text(link.traceId)
        json.raw(SPAN_ID)
        json.text(link.spanId)
        link.sampled?.let {
            json.raw(SAMPLED)
            json.raw(if (it) TRUE else FALSE)
        }
        if (link.attributes.isNotEmpty()) attributes.write { action -> link.attributes.forEach(action) }
        json.raw('}')
    }

    /** Writes attributes with their types: `"key":{"type":"integer","value":42}`. */
    private class Attributes(private val json: JsonBytes, private val heads: AttributeHeads) : BiConsumer<String, Any> {
        private var isFirst = true

        inline fun write(show: (BiConsumer<String, Any>) -> Unit) {
            json.raw(ATTRIBUTES)
            isFirst = true
            show(this)
            json.raw('}')
        }

        override fun accept(key: String, value: Any) {
            if (!isFirst) json.raw(',')
            isFirst = false
            heads.write(json, key, AttributeType.of(value))
            value(value)
            json.raw('}')
        }

        private fun value(value: Any?) {
            when (value) {
                is String -> json.text(value)
                is Boolean -> json.raw(if (value) TRUE else FALSE)
                is Long -> json.number(value)
                is Double -> json.number(value)
                is List<*> -> elements(value)
                else -> throw IllegalArgumentException("Not an attribute value: ${value?.javaClass?.name}")
            }
        }

        private fun elements(list: List<*>) {
            json.raw('[')
            list.forEachIndexed { index, element ->
                if (index > 0) json.raw(',')
                value(element)
            }
            json.raw(']')
        }
    }

    private companion object {
        val TRACE_ID = """{"trace_id":""".encodeToByteArray()
        val SPAN_ID = ""","span_id":""".encodeToByteArray()
        val PARENT_SPAN_ID = ""","parent_span_id":""".encodeToByteArray()
        val NAME = ""","name":""".encodeToByteArray()
        val STATUS = ""","status":""".encodeToByteArray()
        val SEGMENT = ""","is_segment":true""".encodeToByteArray()
        val NO_SEGMENT = ""","is_segment":false""".encodeToByteArray()
        val START = ""","start_timestamp":""".encodeToByteArray()
        val END = ""","end_timestamp":""".encodeToByteArray()
        val ATTRIBUTES = ""","attributes":{""".encodeToByteArray()
        val LINKS = ""","links":[""".encodeToByteArray()
        val SAMPLED = ""","sampled":""".encodeToByteArray()
        val TRUE = "true".encodeToByteArray()
        val FALSE = "false".encodeToByteArray()
    }
}

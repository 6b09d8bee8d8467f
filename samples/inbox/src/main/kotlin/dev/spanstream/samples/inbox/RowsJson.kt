package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonPrimitive

/**
 * The spans of a trace for the page: twenty thousand of them are written and read in a moment, because a row is an array,
 * every text stands once in `texts`, and no tree of JSON elements is built. The page's script names the columns.
 */
internal class RowsJson(
    private val kept: KeptSpans,
) {
    private val texts = LinkedHashMap<String, Int>()
    private val json = StringBuilder(INITIAL + kept.spans.size * ROW_SIZE)

    fun text(age: Long): String {
        val base = kept.spans.minOfOrNull { it.span.startMicros } ?: 0
        val name = JsonPrimitive(kept.trace.name.take(MAX_TEXT))
        json.append("{\"floor\":${kept.floor},\"age\":$age,\"name\":$name,\"base\":$base,\"spans\":[")
        kept.spans.forEachIndexed { index, span ->
            if (index > 0) json.append(',')
            row(span, base)
        }
        json.append("],\"texts\":[")
        texts.keys.forEachIndexed { index, text ->
            if (index > 0) json.append(',')
            json.append(JsonPrimitive(text).toString())
        }
        return json.append("]}").toString()
    }

    private fun row(kept: KeptSpan, base: Long) {
        val span = kept.span
        json.append('[').append(kept.number)
        id(span.spanId)
        id(span.parentSpanId)
        listOf(span.segmentId, span.name, span.text("sentry.op"), span.service).forEach { number(indexOf(it)) }
        number(span.startMicros - base)
        number(span.endMicros - span.startMicros)
        number(flag(ERROR, span.isError) + flag(SERVICE_SPAN, span.isSegment) + flag(LATE, kept.isLate))
        json.append(']')
    }

    /** Ids are hex digits, so there is nothing to escape. */
    private fun id(id: String?) {
        if (id == null) json.append(",null") else json.append(",\"").append(id).append('"')
    }

    private fun number(number: Long) {
        json.append(',').append(number)
    }

    private fun indexOf(text: String?): Long =
        if (text == null) -1 else texts.getOrPut(text.take(MAX_TEXT)) { texts.size }.toLong()

    private fun flag(bit: Long, isSet: Boolean) = if (isSet) bit else 0

    private companion object {
        const val INITIAL = 1_000
        const val ROW_SIZE = 80
        const val MAX_TEXT = 300
        const val ERROR = 1L
        const val SERVICE_SPAN = 2L
        const val LATE = 4L
    }
}

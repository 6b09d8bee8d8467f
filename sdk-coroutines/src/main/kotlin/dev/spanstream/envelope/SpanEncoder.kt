package dev.spanstream.envelope

import dev.spanstream.sink.FinishedSpan

/**
 * Encodes the spans of a batch straight into bytes, one after the other.
 *
 * Each span stands for itself: one that cannot be encoded (a value of a foreign kind, a view that
 * throws) leaves no trace in the bytes and is told to [onFailure]; all others go on their way.
 */
internal class SpanEncoder(private val onFailure: (Throwable) -> Unit) {
    /** A guess by the last batch, with room for a little more; whoever reads an old one loses nothing but a copy. */
    @Volatile private var bytesPerSpan = FIRST_GUESS

    private val heads = AttributeHeads()

    fun encode(spans: List<FinishedSpan>): EncodedSpans {
        val json = JsonBytes(capacity = minOf(spans.size.toLong() * bytesPerSpan, MOST_AT_FIRST).toInt())
        val writer = SpanJson(json, heads)
        val ends = IntArray(spans.size)
        var encoded = 0
        for (span in spans) {
            if (writer.tryWrite(span, json)) ends[encoded++] = json.size
        }
        if (encoded > 0) bytesPerSpan = json.size / encoded * 9 / 8
        return EncodedSpans(json.array(), if (encoded == ends.size) ends else ends.copyOf(encoded))
    }

    private fun SpanJson.tryWrite(span: FinishedSpan, json: JsonBytes): Boolean {
        val before = json.size
        return try {
            write(span)
            true
        } catch (e: Throwable) {
            json.truncate(before)
            onFailure(e)
            false
        }
    }

    private companion object {
        const val FIRST_GUESS = 1_024
        const val MOST_AT_FIRST = 8L * 1024 * 1024
    }
}

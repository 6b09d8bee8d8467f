@file:OptIn(ExperimentalSerializationApi::class)

package dev.spanstream.envelope

import dev.spanstream.sink.FinishedSpan
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.encodeToStream
import java.io.ByteArrayOutputStream

/**
 * Encodes the spans of a batch straight into bytes, one after the other.
 *
 * Each span stands for itself: one that cannot be encoded (a value of a foreign kind, a view that
 * throws) leaves no trace in the bytes and is told to [onFailure]; all others go on their way.
 */
internal class SpanEncoder(private val onFailure: (Throwable) -> Unit) {
    fun encode(spans: List<FinishedSpan>): EncodedSpans {
        val json = Rewindable()
        val ends = IntArray(spans.size)
        var encoded = 0
        for (span in spans) {
            if (json.tryAppend(span)) ends[encoded++] = json.size()
        }
        return EncodedSpans(json.toByteArray(), ends.copyOf(encoded))
    }

    private fun Rewindable.tryAppend(span: FinishedSpan): Boolean {
        val before = size()
        return try {
            Json.encodeToStream(SpanSerializer, span, this)
            true
        } catch (e: Throwable) {
            truncate(before)
            onFailure(e)
            false
        }
    }

    /** A buffer that can forget what it was given last. */
    private class Rewindable : ByteArrayOutputStream(INITIAL_CAPACITY) {
        fun truncate(size: Int) {
            count = size
        }
    }

    private companion object {
        const val INITIAL_CAPACITY = 16 * 1024
    }
}

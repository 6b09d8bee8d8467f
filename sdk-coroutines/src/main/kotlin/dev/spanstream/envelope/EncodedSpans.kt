package dev.spanstream.envelope

import java.io.OutputStream

/**
 * The payload of a span item: spans that are already JSON, all of one trace.
 *
 * Holds bytes only, so that a batch that waits for its second attempt keeps no span alive, and
 * knows where each span ends, so that a batch that is too large can be halved without encoding it
 * again.
 */
internal class EncodedSpans private constructor(
    private val json: ByteArray,
    private val ends: IntArray,
    private val from: Int,
    private val until: Int,
) {
    /** @param ends where each span ends in [json], in which they stand one after the other. */
    constructor(json: ByteArray, ends: IntArray) : this(json, ends, 0, ends.size)

    /** How many spans there are. */
    val count: Int get() = until - from

    /** The length of the payload in bytes. */
    val length: Int
        get() = PREFIX.size + (startOf(until) - startOf(from)) + maxOf(0, count - 1) + SUFFIX.size

    /** Writes the payload: `{"version":2,"items":[…]}`. */
    fun writeTo(out: OutputStream) {
        out.write(PREFIX)
        for (index in from until until) {
            if (index > from) out.write(COMMA)
            out.write(json, startOf(index), ends[index] - startOf(index))
        }
        out.write(SUFFIX)
    }

    /** Writes the spans without anything between or around them; [lengths] tells them apart. */
    fun writeBareTo(out: OutputStream) = out.write(json, startOf(from), startOf(until) - startOf(from))

    /** How many bytes each span has. */
    fun lengths(): List<Int> = (from until until).map { ends[it] - startOf(it) }

    /** The same spans as two payloads, the first one not the smaller; there must be at least two. */
    fun halves(): Pair<EncodedSpans, EncodedSpans> {
        require(count > 1) { "There is nothing to halve" }
        val middle = from + (count + 1) / 2
        return EncodedSpans(json, ends, from, middle) to EncodedSpans(json, ends, middle, until)
    }

    private fun startOf(index: Int): Int = if (index == 0) 0 else ends[index - 1]

    private companion object {
        val PREFIX = """{"version":2,"items":[""".encodeToByteArray()
        val SUFFIX = "]}".encodeToByteArray()
        const val COMMA = ','.code
    }
}

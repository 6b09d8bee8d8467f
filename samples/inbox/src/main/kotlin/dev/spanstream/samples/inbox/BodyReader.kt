package dev.spanstream.samples.inbox

import java.io.FilterInputStream
import java.io.IOException
import java.io.InputStream
import java.util.concurrent.atomic.AtomicLong
import java.util.zip.GZIPInputStream
import java.util.zip.InflaterInputStream

/**
 * Reads and decompresses request bodies, each up to [maxBytes], and all that are held at a time up to a part of the heap.
 *
 * Decompressed bytes are counted while they stream in, so a small body that unpacks to a huge one never exists in memory.
 */
internal class BodyReader(
    private val maxBytes: Int,
    private val maxHeldBytes: Long = Runtime.getRuntime().maxMemory() / HEAP_PARTS,
) {
    private val held = AtomicLong()

    /**
     * Reads the whole body; whoever calls gives it back to [release] when done with it.
     *
     * @throws Refusal 400 for an unknown or broken encoding, 413 above the limit, 503 if too much is held already
     */
    fun read(encoding: String?, wire: InputStream): ByteArray {
        var metered: Metered? = null
        var complete = false
        try {
            metered = Metered(decoded(encoding, wire))
            return metered.readAllBytes().also { complete = true }
        } catch (e: IOException) {
            throw Refusal.of(400, "failed to read request body: ${e.message.orEmpty().printable()}", e)
        } finally {
            if (!complete) metered?.let { held.addAndGet(-it.count) }
        }
    }

    fun release(body: ByteArray) {
        held.addAndGet(-body.size.toLong())
    }

    private fun decoded(encoding: String?, wire: InputStream): InputStream = when (encoding?.trim()?.lowercase()) {
        null, "", "identity", "utf-8" -> wire

        "gzip" -> GZIPInputStream(wire, CHUNK_BYTES)

        "deflate" -> InflaterInputStream(wire)

        "br", "zstd" -> throw Refusal.of(
            400,
            "content encoding '$encoding' is not supported by this receiver, use gzip",
        )

        else -> throw Refusal.of(400, "unknown content encoding '${encoding.printable()}'")
    }

    /** Counts what is read, and stops when it is too much. */
    private inner class Metered(source: InputStream) : FilterInputStream(source) {
        var count = 0L
            private set

        override fun read(target: ByteArray, offset: Int, length: Int): Int {
            val read = super.read(target, offset, length)
            if (read <= 0) return read
            count += read
            val allHeld = held.addAndGet(read.toLong())
            if (count > maxBytes) throw Refusal(Answers.bodyTooLarge(), "the body has more than $maxBytes bytes")
            if (allHeld > maxHeldBytes) throw Refusal.of(503, "too many bytes in flight")
            return read
        }
    }

    private companion object {
        const val CHUNK_BYTES = 16 * 1024

        /** While its last copy is made, a body needs twice its size. */
        const val HEAP_PARTS = 4
    }
}

package dev.spanstream.samples.inbox

import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.readAvailable
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.io.Buffer
import kotlinx.io.IOException
import kotlinx.io.readByteArray
import java.io.FilterInputStream
import java.io.InputStream
import java.util.concurrent.atomic.AtomicLong
import java.util.zip.GZIPInputStream
import java.util.zip.InflaterInputStream
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Reads and decompresses request bodies, each up to [maxBytes] and for at most [timeout], and all that are held at a time
 * up to a part of the heap.
 *
 * Waiting for a slow client holds no thread. Decompressed bytes are counted while they stream in, so a small body that
 * unpacks to a huge one never exists in memory.
 */
internal class BodyReader(
    private val maxBytes: Int,
    val timeout: Duration = 30.seconds,
    private val maxHeldBytes: Long = Runtime.getRuntime().maxMemory() / HEAP_PARTS,
) {
    private val held = AtomicLong()

    /**
     * Reads the whole body; whoever calls gives it back to [release] when done with it.
     *
     * @throws Refusal 400 for an unknown or broken encoding, 408 after the timeout, 413 above the limit, 503 if too much
     *   is held already
     */
    suspend fun read(encoding: String?, wire: ByteReadChannel): ByteArray {
        val decode = decoder(encoding)
        try {
            val sent = metered { meter ->
                withTimeoutOrNull(timeout) { receive(wire, meter) }
                    ?: throw Refusal.of(408, "the body did not arrive within $timeout")
            }
            if (decode == null) return sent
            try {
                return metered { meter -> decode(sent.inputStream()).metered(meter).readAllBytes() }
            } finally {
                release(sent)
            }
        } catch (e: IOException) {
            throw Refusal.of(400, "failed to read request body: ${e.message.orEmpty().printable()}", e)
        }
    }

    fun release(body: ByteArray) {
        held.addAndGet(-body.size.toLong())
    }

    /** How to undo the encoding; null if there is nothing to undo. */
    private fun decoder(encoding: String?): ((InputStream) -> InputStream)? =
        when (encoding?.trim()?.lowercase()) {
            null, "", "identity", "utf-8" -> null

            "gzip" -> { packed -> GZIPInputStream(packed, CHUNK_BYTES) }

            "deflate" -> { packed -> InflaterInputStream(packed) }

            "br", "zstd" -> throw Refusal.of(
                400,
                "content encoding '$encoding' is not supported by this receiver, use gzip",
            )

            else -> throw Refusal.of(400, "unknown content encoding '${encoding.printable()}'")
        }

    private suspend fun receive(wire: ByteReadChannel, meter: Meter): ByteArray {
        val received = Buffer()
        val chunk = ByteArray(CHUNK_BYTES)
        while (true) {
            val read = wire.readAvailable(chunk)
            if (read < 0) return received.readByteArray()
            meter.count(read)
            received.write(chunk, 0, read)
        }
    }

    /** What [read] counts stays held if it returns, and only then. */
    private inline fun metered(read: (Meter) -> ByteArray): ByteArray {
        val meter = Meter()
        var complete = false
        try {
            return read(meter).also { complete = true }
        } finally {
            if (!complete) held.addAndGet(-meter.count)
        }
    }

    private fun InputStream.metered(meter: Meter): InputStream = object : FilterInputStream(this) {
        override fun read(target: ByteArray, offset: Int, length: Int): Int =
            super.read(target, offset, length).also(meter::count)
    }

    /** Counts what is read, and stops when it is too much. */
    private inner class Meter {
        var count = 0L
            private set

        fun count(read: Int) {
            if (read <= 0) return
            count += read
            val allHeld = held.addAndGet(read.toLong())
            if (count > maxBytes) throw Refusal(Answers.bodyTooLarge(), "the body has more than $maxBytes bytes")
            if (allHeld > maxHeldBytes) throw Refusal.of(503, "too many bytes in flight")
        }
    }

    private companion object {
        const val CHUNK_BYTES = 16 * 1024

        /** While its last copy is made, a body needs twice its size. */
        const val HEAP_PARTS = 4
    }
}

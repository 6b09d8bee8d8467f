package dev.spanstream.pipeline

import dev.spanstream.envelope.SpooledSpans
import java.io.IOException
import java.nio.channels.Channels
import java.nio.channels.FileChannel
import java.nio.channels.OverlappingFileLockException
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import java.util.concurrent.ConcurrentHashMap
import kotlin.io.path.deleteIfExists
import kotlin.io.path.exists

/**
 * The right to send or delete a file of the spool. Among processes it is a lock on the file, which
 * ends with the process that holds it, however that ends.
 */
internal class SpoolClaim private constructor(
    private val file: SpoolFile,
    private val channel: FileChannel,
) :
    AutoCloseable {
        /**
         * What is in it.
         *
         * @throws IOException if it cannot be read, or is not whole
         */
        fun read(): Part {
            val (spans, trace) = SpooledSpans.read(Channels.newInputStream(channel.position(0)).buffered())
            if (spans.count != file.spans) throw IOException("It has ${spans.count} spans, not ${file.spans}")
            return Part(spans, trace)
        }

        fun delete() {
            file.path.deleteIfExists()
        }

        override fun close() {
            try {
                channel.close()
            } finally {
                held.remove(file.path)
            }
        }

        companion object {
            // The lock of a file is the whole process's, and gone when any of its channels is closed.
            private val held: MutableSet<Path> = ConcurrentHashMap.newKeySet()

            /** Null if somebody else has the file, or has done with it, or keeps it from us. */
            fun of(file: SpoolFile): SpoolClaim? {
                if (!held.add(file.path)) return null
                var claim: SpoolClaim? = null
                try {
                    claim = open(file.path)?.let { SpoolClaim(file, it) }
                } catch (_: IOException) {
                    // Somebody else's, or deleted, or too many are open: perhaps another time.
                } catch (_: OverlappingFileLockException) {
                    // Held by another class loader of this process.
                } finally {
                    if (claim == null) held.remove(file.path)
                }
                return claim
            }

            private fun open(path: Path): FileChannel? {
                val channel = FileChannel.open(path, READ, WRITE)
                var ours = false
                try {
                    // Deleted between the two: then the lock is on nothing.
                    ours = channel.tryLock() != null && path.exists()
                } finally {
                    if (!ours) channel.close()
                }
                return channel.takeIf { ours }
            }
        }
    }

package dev.spanstream.pipeline

import dev.spanstream.envelope.SpooledSpans
import dev.spanstream.sink.DropReason
import dev.spanstream.transport.Endpoint
import java.io.BufferedOutputStream
import java.io.IOException
import java.nio.channels.Channels
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardOpenOption.CREATE_NEW
import java.nio.file.StandardOpenOption.WRITE
import java.security.MessageDigest
import java.time.Duration
import java.time.InstantSource
import java.util.concurrent.atomic.AtomicLong
import kotlin.io.path.createDirectories
import kotlin.io.path.deleteIfExists
import kotlin.io.path.extension
import kotlin.io.path.fileSize
import kotlin.io.path.getLastModifiedTime

/**
 * Batches on disk: what could not be sent, for a receiver that comes back or for the next process.
 *
 * A file is whole or absent: it is written under another name, forced to the disk, and renamed. It is
 * deleted once it has been answered, so a crash in between sends it twice, and none loses it. Several
 * processes may share the directory, and each receiver has a folder of its own in it.
 *
 * Thread-safe. All methods block.
 */
internal class Spool private constructor(
    private val folder: Path,
    private val clock: InstantSource,
    private val limits: Limits,
    private val ledger: SpoolLedger,
) {
    /**
     * @property bytes how many all files of one receiver may have
     * @property age how old they may get; what is much older, receivers do not take
     */
    class Limits(val bytes: Long = 128L * 1024 * 1024, val age: Duration = Duration.ofDays(7))

    private val number = AtomicLong()

    /** What all files had when they were last looked at, and what has been written here since. */
    private val occupied = AtomicLong(limits.bytes)
    private val written = AtomicLong()

    /**
     * Writes a part.
     *
     * @param run who accounts for its spans, if that is not this pipeline
     * @throws IOException if it cannot; then nothing is left of it
     */
    fun write(part: Part, run: String = ledger.run) {
        val file = SpoolFile.named(folder, clock.instant(), run, number.getAndIncrement(), part.spans.count)
        val unfinished = folder.resolve("${file.path.fileName}.$UNFINISHED")
        try {
            FileChannel.open(unfinished, CREATE_NEW, WRITE).use { channel ->
                val out = BufferedOutputStream(Channels.newOutputStream(channel))
                SpooledSpans.write(part.spans, part.trace, out)
                out.flush()
                channel.force(true)
            }
            makeRoom(unfinished.fileSize())
            Files.move(unfinished, file.path, ATOMIC_MOVE)
        } finally {
            unfinished.deleteIfExists()
        }
    }

    /** What there is to send, the oldest first; what is too old is gone. */
    fun files(): List<SpoolFile> {
        val tooOld = clock.instant() - limits.age
        val (kept, overdue) = list().partition { it.written > tooOld }
        overdue.forEach(::discard)
        return kept
    }

    /**
     * Keeps to the limit. The directory is looked at only when that may be needed, for it may be large: when
     * what was written here since would pass the limit, or is a part of it that others may have written, too.
     */
    private fun makeRoom(bytes: Long) {
        val since = written.addAndGet(bytes)
        if (since > limits.bytes / PARTS || occupied.get() + since > limits.bytes) {
            written.set(0)
            occupied.set(discardOldest(bytes))
        }
    }

    /** Returns how much is left. */
    private fun discardOldest(bytes: Long): Long {
        val present = list().map { it to sizeOf(it) }
        var total = present.sumOf { it.second } + bytes
        if (total <= limits.bytes) return total
        // A part more, so that not every file has to look for room.
        val enough = limits.bytes - limits.bytes / PARTS
        for ((file, size) in present) {
            if (total <= enough) break
            if (discard(file)) total -= size
        }
        return total
    }

    private fun discard(file: SpoolFile): Boolean =
        SpoolClaim.of(file)?.use { claim ->
            claim.delete()
            ledger.dropped(file, file.spans, DropReason.CACHE_OVERFLOW)
            true
        } ?: false

    private fun list(): List<SpoolFile> =
        Files
            .list(folder)
            .use { paths -> paths.toList() }
            .mapNotNull(SpoolFile::of)
            .sortedBy { it.path }

    private fun sizeOf(file: SpoolFile): Long =
        try {
            file.path.fileSize()
        } catch (_: IOException) {
            0 // Another process has just sent it.
        }

    /** What crashed processes left unfinished; it may be unfinished because it is being written. */
    private fun sweep() {
        val longAgo = clock.instant() - UNFINISHED_AGE
        Files
            .list(folder)
            .use { paths -> paths.toList() }
            .filter { it.extension == UNFINISHED }
            .forEach { unfinished ->
                try {
                    if (unfinished.getLastModifiedTime().toInstant() < longAgo) unfinished.deleteIfExists()
                } catch (_: IOException) {
                    // Finished meanwhile, or not ours.
                }
            }
    }

    companion object {
        private const val UNFINISHED = "part"
        private const val PARTS = 8
        private val UNFINISHED_AGE = Duration.ofHours(1)

        /** The spool of one receiver in [directory]; null, with a warning, if it cannot be used. */
        fun open(
            directory: Path,
            endpoint: Endpoint,
            clock: InstantSource,
            ledger: SpoolLedger,
            limits: Limits = Limits(),
        ): Spool? =
            try {
                val folder = directory.resolve(folderOf(endpoint)).createDirectories().toRealPath()
                Files.createTempFile(folder, "writable", ".$UNFINISHED").deleteIfExists()
                Spool(folder, clock, limits, ledger).also(Spool::sweep)
            } catch (e: Exception) {
                // Not only IOException: a stream of files wraps it, and a path may have no file system.
                val message = "spoolDirectory $directory cannot be written to: spans that cannot be sent are dropped."
                Log.log(System.Logger.Level.WARNING, message, e)
                null
            }

        /** Without the key in plain sight. */
        private fun folderOf(endpoint: Endpoint): String =
            MessageDigest
                .getInstance("SHA-256")
                .digest((endpoint.dsn ?: endpoint.url).encodeToByteArray())
                .take(FOLDER_BYTES)
                .joinToString("") { "%02x".format(it) }

        private const val FOLDER_BYTES = 8
    }
}

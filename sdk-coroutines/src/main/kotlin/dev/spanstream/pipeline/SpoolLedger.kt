package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason
import kotlin.random.Random

/**
 * What became of the spans in the spool. Those of other processes, and of earlier runs, are not in our
 * books; but whoever loses them has to report it.
 */
internal class SpoolLedger(private val books: Books) {
    /** Tells the files of this pipeline from those of others. */
    val run: String = "%016x".format(Random.nextLong())

    fun sent(file: SpoolFile) = enter(file) { books.sent(file.spans) }

    fun refused(file: SpoolFile) = enter(file) { books.refused(file.spans) }

    fun dropped(file: SpoolFile, reason: DropReason) {
        val ours = enter(file) { books.dropped(reason, file.spans) }
        if (!ours) books.droppedForOthers(reason, file.spans)
    }

    private inline fun enter(file: SpoolFile, entry: () -> Unit): Boolean {
        val ours = file.run == run
        if (ours) {
            books.unspooled(file.spans)
            entry()
        }
        return ours
    }
}

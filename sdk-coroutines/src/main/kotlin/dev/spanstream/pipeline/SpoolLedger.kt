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

    fun sent(file: SpoolFile, spans: Int) {
        enter(file, spans) { books.sent(spans) }
    }

    fun refused(file: SpoolFile, spans: Int) {
        enter(file, spans) { books.refused(spans) }
    }

    fun dropped(file: SpoolFile, spans: Int, reason: DropReason) {
        val ours = enter(file, spans) { books.dropped(reason, spans) }
        if (!ours) books.droppedForOthers(reason, spans)
    }

    private inline fun enter(file: SpoolFile, spans: Int, entry: () -> Unit): Boolean {
        val ours = file.run == run
        if (ours) {
            // In this order, so that who reads in between does not find them twice.
            books.unspooled(spans)
            entry()
        }
        return ours
    }
}

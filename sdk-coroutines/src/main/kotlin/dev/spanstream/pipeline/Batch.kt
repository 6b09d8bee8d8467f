package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason
import dev.spanstream.sink.FinishedSpan
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.Job

/**
 * A sealed bucket on its way to the receiver, and the account of its spans.
 *
 * Whoever holds the batch enters its spans as [sent], [spooled], [dropped] or [refused], in parts if it comes
 * to that, and [close]s it in the end, whatever happened. What was not entered until then is entered
 * as dropped, for the [reasonIfLost], and what comes later is ignored. So the entries always add up to the
 * batch: even if a close runs out of time while a sender has it.
 */
internal class Batch(
    private var spans: List<FinishedSpan>,
    private val bytes: Long,
    private val books: Books,
    private val budget: Budget,
) {
    /** Why the remaining spans are lost if nothing more can be done for them. */
    @Volatile var reasonIfLost: DropReason = DropReason.BUFFER_OVERFLOW

    private val size = spans.size

    // All guarded by this, as are the spans.
    private var remaining = size
    private var closed = false
    private var whenClosed: CompletableJob? = null

    val isDone: Boolean
        @Synchronized get() = closed

    /** Returns when every span has been entered in the books. */
    suspend fun join() {
        waiting()?.join()
    }

    /** Made for those who wait, as hardly anybody does; null if there is nothing to wait for. */
    @Synchronized
    private fun waiting(): Job? = if (closed) null else whenClosed ?: Job().also { whenClosed = it }

    /** The spans, of which there is at least one; from then on nobody gets them, nor once it is closed. */
    @Synchronized
    fun take(): List<FinishedSpan> = spans.also { spans = emptyList() }

    fun sent(spans: Int) = enter(spans) { books.sent(spans) }

    /**
     * Enters spans as spooled when [write] is done, or as dropped if it throws. That may take a while: they are out
     * of this account meanwhile, which may be closed without them. Does nothing if it is closed.
     */
    fun spooled(spans: Int, write: () -> Unit) {
        if (!withdraw(spans)) return
        var written = false
        try {
            write()
            written = true
        } finally {
            if (written) books.spooled(spans) else books.dropped(reasonIfLost, spans)
        }
    }

    @Synchronized
    private fun withdraw(spans: Int): Boolean {
        if (!closed) remaining -= spans
        return !closed
    }

    fun dropped(reason: DropReason, spans: Int) = enter(spans) { books.dropped(reason, spans) }

    fun refused(spans: Int) = enter(spans) { books.refused(spans) }

    @Synchronized
    fun close() {
        if (closed) return
        closed = true
        spans = emptyList()
        if (remaining > 0) books.dropped(reasonIfLost, remaining)
        budget.release(size, bytes)
        whenClosed?.complete()
    }

    private inline fun enter(spans: Int, entry: () -> Unit) =
        synchronized(this) {
            if (!closed) {
                remaining -= spans
                entry()
            }
        }
}

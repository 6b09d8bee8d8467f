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
 * as [pending], and what comes later is ignored. So the entries always add up to the batch: even if
 * the batcher and a sender are cancelled in the middle of the hand-over and both believe that it is
 * theirs.
 */
internal class Batch(bucket: Bucket, private val books: Books, private val budget: Budget) {
    /** The spans, of which there is at least one, until they are encoded. */
    var spans: List<FinishedSpan> = bucket.spans
        private set

    /** Why the remaining spans are lost if nothing more can be done for them. */
    @Volatile var pending: DropReason = DropReason.BUFFER_OVERFLOW

    private val size = bucket.spans.size
    private val bytes = bucket.bytes
    private val done: CompletableJob = Job()

    // Both guarded by this.
    private var remaining = size
    private var closed = false

    val isDone: Boolean get() = done.isCompleted

    /** Returns when every span has been entered in the books. */
    suspend fun join() = done.join()

    /** Lets go of the spans once they are encoded. */
    fun unload() {
        spans = emptyList()
    }

    fun sent(spans: Int) = enter(spans) { books.sent(spans) }

    fun spooled(spans: Int) = enter(spans) { books.spooled(spans) }

    fun dropped(reason: DropReason, spans: Int) = enter(spans) { books.dropped(reason, spans) }

    fun refused(spans: Int) = enter(spans) { books.refused(spans) }

    @Synchronized
    fun close() {
        if (closed) return
        closed = true
        if (remaining > 0) books.dropped(pending, remaining)
        budget.release(size, bytes)
        done.complete()
    }

    private inline fun enter(spans: Int, entry: () -> Unit) =
        synchronized(this) {
            if (!closed) {
                remaining -= spans
                entry()
            }
        }
}

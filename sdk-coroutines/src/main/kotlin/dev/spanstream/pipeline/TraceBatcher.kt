package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason
import dev.spanstream.sink.FinishedSpan
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import kotlin.time.ComparableTimeMark
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeSource

/**
 * The actor in the middle: fetches ended spans, groups them by trace, and hands sealed batches to
 * the senders. One coroutine, [run], owns all of its state.
 *
 * While it holds spans it looks around at every tick, and sooner if a bucket is due or the [Mailbox]
 * gives alarm. While it holds none it sleeps until a span ends, and costs
 * nothing. When memory gets tight it does not wait for buckets to fall due, but seals the oldest
 * ones as fast as senders take them: faster would only make batches smaller.
 *
 * @param outbox from which the senders take; closed when there will be no more
 */
internal class TraceBatcher(
    private val settings: PipelineSettings,
    private val mailbox: Mailbox,
    private val books: Books,
    private val timeSource: TimeSource.WithComparableMarks,
    private val outbox: Outbox,
) {
    private val budget = mailbox.budget
    private val buckets = Buckets(settings, ::enqueue)
    private val underWay = BatchesUnderWay()

    // The second argument: one that was handed over when [run] had just been cancelled.
    private val flushes =
        Channel<CompletableDeferred<List<Batch>?>>(Channel.UNLIMITED) { undelivered -> undelivered.complete(null) }
    private val unread = Complaint()
    private var open = true

    /** Runs until the mailbox is closed and everything in it has been handed to the senders. */
    suspend fun run() {
        try {
            while (true) {
                val fetchedAll = fetch(atMost = CHUNKS_AT_ONCE)
                if (open) buckets.sealDue(timeSource.markNow()) else buckets.sealAll()
                if (!open) break
                relieve()
                awaitEvent(fetchedAll)
            }
            refuseFlushes()
            outbox.close()
            outbox.join()
        } finally {
            abandon()
        }
    }

    /**
     * Seals everything that was accepted before the call, and returns all batches that have not been
     * answered yet; null if [run] has ended or is about to, so that there is no such thing.
     */
    suspend fun flush(): List<Batch>? {
        val reply = CompletableDeferred<List<Batch>?>()
        return if (flushes.trySend(reply).isSuccess) reply.await() else null
    }

    /** Counts what nobody has answered for, or has no time to. */
    fun closeUnderWay() {
        underWay.list().forEach(Batch::close)
    }

    /** True if the mailbox is empty now; a limit lets due buckets and flushes have their turn in a flood. */
    private fun fetch(atMost: Int): Boolean {
        val now = timeSource.markNow()
        repeat(atMost) {
            val result = mailbox.chunks.tryReceive()
            if (result.isClosed) open = false
            take(result.getOrNull() ?: return true, now)
        }
        return false
    }

    private fun take(chunk: Chunk, now: ComparableTimeMark) {
        for (span in chunk.fetch()) {
            if (span == null) break
            val bytes = measure(span)
            when {
                bytes < 0 -> drop(DropReason.INTERNAL_SDK_ERROR)
                budget.measured(bytes) -> buckets.add(span, bytes, now)
                else -> drop(DropReason.BUFFER_OVERFLOW)
            }
        }
    }

    /** Less than nothing if it cannot be told. */
    private fun measure(span: FinishedSpan): Long =
        try {
            span.estimatedBytes
        } catch (e: Throwable) {
            unread.about("A span cannot be read", e)
            -1
        }

    private fun drop(reason: DropReason) {
        budget.giveBack(1)
        books.dropped(reason, 1)
    }

    private fun enqueue(spans: List<FinishedSpan>, bytes: Long) {
        val batch = Batch(spans, bytes, books, budget)
        underWay.add(batch)
        outbox.put(batch)
    }

    private fun relieve() {
        // First, for memory may get tight just after the look at it.
        armIfUseful()
        while (budget.isTight && outbox.waiting < settings.senders && !buckets.isEmpty) buckets.sealOldest()
    }

    /** As long as the senders have enough to do, there is nothing to be done about little memory. */
    private fun armIfUseful() {
        if (outbox.waiting < settings.senders) mailbox.arm()
    }

    /** To be called by whoever takes a batch: if memory is tight, another one may be sealed now. */
    fun batchTaken() {
        armIfUseful()
        mailbox.alarmIfTight()
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    private suspend fun awaitEvent(fetchedAll: Boolean) {
        val untilDue = buckets.untilDue(timeSource.markNow())
        select {
            flushes.onReceive(::answer)
            mailbox.alarm.onReceive { }
            when {
                !fetchedAll -> onTimeout(Duration.ZERO) { }

                untilDue != null -> onTimeout(minOf(maxOf(untilDue, SHORTEST_SLEEP), settings.tick)) { }

                open -> mailbox.chunks.onReceiveCatching { first ->
                    first.getOrNull()?.let { take(it, timeSource.markNow()) }
                }
            }
        }
    }

    /** Whatever was posted before the flush is among as many chunks as there are places for spans. */
    private fun answer(flush: CompletableDeferred<List<Batch>?>) {
        fetch(atMost = settings.maxBufferedSpans)
        buckets.sealAll()
        flush.complete(underWay.list())
    }

    /** After an orderly end there is nothing left to do; after a cancellation, all of it. */
    private fun abandon() {
        try {
            mailbox.close()
            fetch(atMost = Int.MAX_VALUE)
            buckets.sealAll()
        } finally {
            // Or senders and flushes would wait for ever.
            outbox.abandon()
            refuseFlushes()
        }
    }

    private fun refuseFlushes() {
        flushes.close()
        while (true) flushes.tryReceive().getOrNull()?.complete(underWay.list()) ?: break
    }

    private companion object {
        const val CHUNKS_AT_ONCE = 256

        /** Where thousands of traces end in a second, there is always one that is due. */
        val SHORTEST_SLEEP = 5.milliseconds
    }
}

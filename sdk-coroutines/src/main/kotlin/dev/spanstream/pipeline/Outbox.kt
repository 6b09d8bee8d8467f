package dev.spanstream.pipeline

import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import java.util.concurrent.atomic.AtomicInteger

/**
 * The sealed batches that wait for a sender. It needs no bound: what is in it has its places in the budget.
 * Thread-safe.
 *
 * @param rescue takes a batch that no sender will get any more
 */
internal class Outbox(private val rescue: (Batch) -> Unit) {
    private val batches = Channel(Channel.UNLIMITED, onUndeliveredElement = rescue)
    private val count = AtomicInteger()
    private val emptied = Job()

    /** How many batches wait. */
    val waiting: Int get() = count.get()

    fun put(batch: Batch) {
        count.incrementAndGet()
        if (batches.trySend(batch).isFailure) rescue(batch)
    }

    /** Takes batches for a sender until this is closed and empty. */
    suspend fun forEach(deliver: suspend (Batch) -> Unit) {
        for (batch in batches) {
            count.decrementAndGet()
            deliver(batch)
        }
        emptied.complete()
    }

    /** Nothing more will be put; what waits is still delivered. */
    fun close() {
        batches.close()
    }

    /** Returns when it is closed and senders have taken all that was in it. */
    suspend fun join(): Unit = emptied.join()

    /** There is no time to deliver what waits: the oldest are rescued first. */
    fun abandon() {
        batches.close()
        while (true) rescue(batches.tryReceive().getOrNull() ?: break)
        batches.cancel()
    }
}

package dev.spanstream.pipeline

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel

/**
 * The way from the threads that end spans to the batcher: a channel of [Chunk]s that have something in them.
 *
 * A chunk is posted once when it becomes non-empty, and fetched by the batcher at its next tick with
 * all that it has by then. So ending a span costs a channel operation once per local tree and tick,
 * and wakes nobody: while there is anything to batch, the batcher sleeps on a timer rather than on
 * the channel.
 *
 * Each posted chunk holds at least one place of the [budget], so the channel is bounded by that, and need
 * not keep count of its own, which costs both sides a step.
 *
 * @param lost takes a chunk that was handed to the batcher when that had just been cancelled
 */
internal open class Mailbox(val budget: Budget, lost: (Chunk) -> Unit) {
    private val posted = Channel(Channel.UNLIMITED, onUndeliveredElement = lost)
    private val alarms = Channel<Unit>(Channel.CONFLATED)

    @Volatile private var armed = true

    val chunks: ReceiveChannel<Chunk> get() = posted

    /** Receives when the batcher must not wait for its tick. */
    val alarm: ReceiveChannel<Unit> get() = alarms

    /** Alarms the batcher when places are getting few. */
    open fun alarmIfTight() {
        if (armed && budget.isTight) {
            armed = false
            alarms.trySend(Unit)
        }
    }

    /** The batcher wants another alarm; it does not if there is nothing that it could do about it. */
    fun arm() {
        armed = true
    }

    /** False if the mailbox is closed. */
    open fun post(chunk: Chunk): Boolean = posted.trySend(chunk).isSuccess

    /** From now on nothing can be posted; what has been posted can still be fetched. */
    fun close() {
        posted.close()
        alarms.trySend(Unit)
    }
}

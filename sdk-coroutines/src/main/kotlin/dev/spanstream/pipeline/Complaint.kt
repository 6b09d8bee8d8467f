package dev.spanstream.pipeline

import java.util.concurrent.atomic.AtomicBoolean
import kotlin.time.Duration.Companion.minutes
import kotlin.time.TimeSource.Monotonic

/**
 * A line in the log about something that may go wrong again and again: a warning the first time, then only
 * level `DEBUG`, until it is [settled] and a minute has passed. So neither a receiver that is away for a day nor
 * one that fails now and then fills a disk.
 */
internal class Complaint {
    private val complained = AtomicBoolean()

    @Volatile private var last: Monotonic.ValueTimeMark? = null

    fun about(message: String, cause: Throwable? = null) {
        val recently = last?.let { it.elapsedNow() < PAUSE } ?: false
        val warns = !recently && complained.compareAndSet(false, true)
        if (warns) last = Monotonic.markNow()
        Log.log(if (warns) System.Logger.Level.WARNING else System.Logger.Level.DEBUG, message, cause)
    }

    fun settled() {
        // Most often it is already; then the line of memory stays shared by all senders.
        if (complained.get()) complained.set(false)
    }

    private companion object {
        val PAUSE = 1.minutes
    }
}

package dev.spanstream.pipeline

import java.util.concurrent.atomic.AtomicBoolean

/**
 * A line in the log about something that may go wrong again and again: a warning the first time,
 * then only level `DEBUG`, until it [isSettled]. So a receiver that is away for a day does not fill
 * a disk.
 */
internal class Complaint {
    private val complained = AtomicBoolean()

    fun about(message: String, cause: Throwable? = null) {
        val first = complained.compareAndSet(false, true)
        Log.log(if (first) System.Logger.Level.WARNING else System.Logger.Level.DEBUG, message, cause)
    }

    fun isSettled() {
        // Most often it is already; then the line of memory stays shared by all senders.
        if (complained.get()) complained.set(false)
    }
}

package dev.spanstream.ktor

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Job
import kotlinx.coroutines.ensureActive

/** The exception and its causes; no further than anybody nests them, for they may go in circles. */
internal fun Throwable.causes(): Sequence<Throwable> = generateSequence(this) { it.cause }.take(LONGEST_CHAIN)

/** What a chain of cancellations began with, if that was no cancellation itself. */
internal fun Throwable.root(): Throwable? = causes().firstOrNull { it !is CancellationException }

/** Why the job is not active any more; null as long as it is. */
internal fun Job.cancellation(): CancellationException? =
    try {
        ensureActive()
        null
    } catch (cancelled: CancellationException) {
        cancelled
    }

private const val LONGEST_CHAIN = 10

package dev.spanstream.coroutines

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ensureActive
import kotlin.coroutines.CoroutineContext

/**
 * Whether the coroutine was cancelled, and [thrown] is nothing but the reason for that: the exception
 * of a sibling, which some libraries (the Ktor client, for one) take out of the
 * [CancellationException] that wraps it and throw in its place.
 */
internal fun CoroutineContext.wasCancelledBy(thrown: Throwable): Boolean {
    if (thrown is CancellationException) {
        return false // It says so itself.
    }
    val reason = cancellation()?.causes()?.lastOrNull() ?: return false
    return thrown.isOrWraps(reason)
}

private fun CoroutineContext.cancellation(): CancellationException? =
    try {
        ensureActive()
        null
    } catch (cancellation: CancellationException) {
        cancellation
    }

/**
 * Whether this is that exception, or a copy of it, which kotlinx.coroutines makes to complete its stack
 * trace where assertions are on.
 */
internal fun Throwable.isOrWraps(original: Throwable): Boolean = causes().any { it === original }

/** The exception and its causes; no further than anybody nests them, for some are their own cause. */
private fun Throwable.causes(): Sequence<Throwable> = generateSequence(this) { it.cause }.take(MOST_CAUSES)

private const val MOST_CAUSES = 32

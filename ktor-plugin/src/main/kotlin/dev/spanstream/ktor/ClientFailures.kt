package dev.spanstream.ktor

import io.ktor.client.utils.unwrapCancellationException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import java.io.IOException

/**
 * What an attempt failed with, or null if it did not fail but was given up.
 *
 * Ktor says both by a [CancellationException]: its own timeout, with the reason as the cause; and
 * that its caller was cancelled, where the cause is the failure of somebody else, such as a sibling
 * coroutine. The state of the caller tells which, and whether its own time was up, which Ktor before
 * 3.5 does not pass on.
 */
internal fun failureOf(thrown: Throwable, caller: Job?): Throwable? =
    when {
        thrown is TimeoutCancellationException -> thrown
        caller?.isCancelled == true -> caller.cancellation() as? TimeoutCancellationException
        else -> thrown.unwrapCancellationException().takeUnless { it is CancellationException }
    }

/**
 * The same for a body that is being streamed. Ktor ends it by a cancellation as well when the code
 * that reads it throws, of whatever sort: only what can come of a connection counts.
 */
internal fun bodyFailureOf(cause: Throwable, caller: Job?): Throwable? {
    val isOfTheBody = cause !is CancellationException || cause.unwrapCancellationException() is IOException
    return failureOf(cause, caller).takeIf { isOfTheBody || it is TimeoutCancellationException }
}

package dev.spanstream.ktor

import io.ktor.util.logging.KtorSimpleLogger

private val log = KtorSimpleLogger("dev.spanstream.ktor.ClientTracing")

/**
 * Runs what is ours in the middle of a request that is not: whatever it throws is logged here, and the
 * request goes on without the result. The one place where that is caught.
 */
internal inline fun <T> harmless(ours: () -> T): T? =
    try {
        ours()
    } catch (thrown: Throwable) {
        logFailure(thrown)
        null
    }

/** Out of memory or of stack, even this may fail. */
internal fun logFailure(thrown: Throwable) {
    try {
        log.debug("A request could not be traced as it should", thrown)
    } catch (_: Throwable) {
        return
    }
}

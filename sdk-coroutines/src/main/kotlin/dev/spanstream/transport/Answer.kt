package dev.spanstream.transport

/** What came of one attempt to send an envelope. */
internal sealed interface Answer {
    /**
     * The receiver answered.
     *
     * @property code the HTTP status
     * @property rateLimits the value of `X-Sentry-Rate-Limits`, which any status may have
     * @property retryAfter the value of `Retry-After`
     * @property isWebPage whether it answered in HTML, which is the way of the log-in page of a network, but
     *   never of a receiver
     */
    data class Status(
        val code: Int,
        val rateLimits: String? = null,
        val retryAfter: String? = null,
        val isWebPage: Boolean = false,
    ) : Answer {
        val isSuccess: Boolean get() = code in 200..299 && !isWebPage
        val isRateLimited: Boolean get() = code == 429
        val isTooLarge: Boolean get() = code == 413
        val isServerError: Boolean get() = code in 500..599
    }

    /**
     * The receiver did not answer: not found, refused, reset, timed out.
     *
     * It may have taken the envelope all the same, so sending again can double it, never lose it.
     */
    data class None(val cause: Throwable) : Answer
}

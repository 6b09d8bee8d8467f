package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.SpanStatus
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpMethod
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.util.cio.ChannelIOException
import io.ktor.utils.io.ConnectionClosedException
import kotlinx.coroutines.Job

/**
 * How a call ended, as its client saw it.
 *
 * @property status what was answered, or will be by the engine; null if nothing was
 * @property bodySize of the response, if it was announced
 * @property cancelled whether the call ended because its client had gone, or the server is stopping
 * @property failure what the call failed with, if it did
 */
internal class CallOutcome private constructor(
    private val status: HttpStatusCode?,
    private val bodySize: Long?,
    private val cancelled: Boolean,
    val failure: Throwable?,
) {
    fun writeTo(span: Span, rules: ServerRules) {
        if (cancelled) {
            span.setAttribute("http.request.cancelled", true)
        }
        bodySize?.let { span.setAttribute("http.response.body.size", it) }
        status?.let { span.setAttribute("http.response.status_code", it.value) }
        if (status != null && rules.isError(status)) {
            span.setStatus(SpanStatus.ERROR)
        }
    }

    companion object {
        /** What [thrown], which leaves the call, or its absence means; [engine] is the job in which the call came. */
        fun of(call: ApplicationCall, thrown: Throwable?, engine: Job?): CallOutcome {
            val response = call.response
            val gone = thrown != null && (engine?.isCancelled == true || isOfTheConnection(thrown))
            val status =
                when {
                    thrown == null || response.isCommitted -> response.status()

                    gone -> null

                    // The engine answers outside of this hook, by this very rule.
                    else -> statusOf(thrown)
                }
            val size = if (response.isCommitted) unlessRecycled { call.announcedSize() } else null
            // Who has the whole answer may go.
            return CallOutcome(status, size, gone && !response.isSent, thrown.takeUnless { gone })
        }

        private fun ApplicationCall.announcedSize(): Long? =
            if (request.local.method == HttpMethod.Head) {
                null
            } else {
                response.headers[HttpHeaders.ContentLength]?.toLongOrNull()
            }

        /**
         * Ktor wraps what it throws when it cannot write to the client, now and then in another of
         * its kind, and names the connection as the cause when it cancels the call of a route.
         */
        internal fun isOfTheConnection(thrown: Throwable) =
            generateSequence(thrown) { it.cause }
                .take(LONGEST_CHAIN)
                .any { it is ChannelIOException || it is ConnectionClosedException }
    }
}

/**
 * Reads what the engine knows. Tomcat takes back the request and the response of a client that has gone,
 * and throws when they are asked.
 */
internal inline fun <T> unlessRecycled(read: () -> T): T? =
    try {
        read()
    } catch (_: IllegalStateException) {
        null
    }

internal const val FIRST_ERROR = 400

/** Causes may go in circles. */
internal const val LONGEST_CHAIN = 10

package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.SpanStatus
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpMethod
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.util.cio.ChannelIOException
import io.ktor.utils.io.ConnectionClosedException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Job
import java.io.IOException

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
    /** Whether the call becomes a connection now. */
    val isUpgrade: Boolean get() = status == HttpStatusCode.SwitchingProtocols && failure == null && !cancelled

    fun writeTo(span: Span, rules: ServerRules) {
        if (cancelled) {
            span.setAttribute(CANCELLED, true)
        }
        bodySize?.let { span.setAttribute("http.response.body.size", it) }
        status?.let { span.setAttribute("http.response.status_code", it.value) }
        if (status != null && rules.isError(status)) {
            span.setStatus(SpanStatus.ERROR)
        }
    }

    companion object {
        /** What [thrown], which leaves the call, or its absence means; [engine] is the job in which the call came. */
        fun of(call: ApplicationCall, thrown: Throwable?, engine: Job?, session: TracedUpgrade?): CallOutcome {
            val response = call.response
            val gone = thrown != null && (isGone(thrown, engine) || session?.failedToBegin(response) == true)
            val status =
                when {
                    thrown == null || response.isCommitted -> response.status()

                    gone -> null

                    // The engine answers outside of this hook, by this very rule.
                    else -> statusOf(thrown)
                }
            val size = if (response.isCommitted) unlessRecycled { call.announcedSize() } else null
            // Who has the whole answer may go.
            val cancelled = gone && !response.isSent
            return CallOutcome(status, size, cancelled, if (gone) null else thrown?.let { it.root() ?: it })
        }

        /** Whether a call failed because its client went away, or it was cancelled from outside. */
        private fun isGone(thrown: Throwable, engine: Job?): Boolean {
            val cancellation = engine?.cancellation()
            // What fails in a coroutine of the handler cancels the call, too.
            return isOfTheConnection(thrown) ||
                (cancellation != null && cancellation.root().let { it == null || isOfTheConnection(it) })
        }

        private fun ApplicationCall.announcedSize(): Long? =
            if (request.local.method == HttpMethod.Head) {
                null
            } else {
                response.headers[HttpHeaders.ContentLength]?.toLongOrNull()
            }

        /**
         * Ktor throws these when it cannot read from the client or write to it, maybe in another `IOException`,
         * and names them as the cause when it cancels the call. In anything else they may be of another connection.
         */
        internal fun isOfTheConnection(thrown: Throwable): Boolean =
            thrown
                .causes()
                .takeWhile { it is CancellationException || it is IOException }
                .any { it is ChannelIOException || it is ConnectionClosedException }
    }
}

/** Set if a call ended because its client had gone, or it was cancelled otherwise. */
internal const val CANCELLED = "http.request.cancelled"

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

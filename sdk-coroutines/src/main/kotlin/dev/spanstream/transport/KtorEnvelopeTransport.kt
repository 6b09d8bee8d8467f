package dev.spanstream.transport

import dev.spanstream.envelope.Envelope
import io.ktor.client.HttpClient
import io.ktor.client.plugins.expectSuccess
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.request.header
import io.ktor.client.request.preparePost
import io.ktor.client.request.setBody
import io.ktor.client.request.url
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.bodyAsChannel
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.content.ByteArrayContent
import io.ktor.utils.io.discard
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Posts envelopes, gzip-compressed, over kept-alive connections of one Ktor client.
 *
 * The client is its own, so that no plugin of the application (tracing least of all) ever sees
 * these requests; and it is made by the first request, so that an application that records nothing
 * loads no HTTP client.
 *
 * A request that takes too long is given up here, not by the client: all that the client could end it with waits for
 * the same thread, which a name server that is silent may hold up.
 *
 * @param timeout for how long to wait for an answer
 * @param makeClient makes the client; here to be replaced by one with another engine
 */
internal class KtorEnvelopeTransport(
    private val endpoint: Endpoint,
    private val timeout: Duration = TIMEOUT,
    makeClient: () -> HttpClient,
) : EnvelopeTransport {
    private val client = lazy(makeClient)

    // The client itself closes in the background, and may lose a request that comes meanwhile.
    @Volatile private var closed = false

    /** A request was given up, and the client has done nothing since: what it is given would only pile up. */
    @Volatile private var isStuck = false

    override suspend fun send(envelope: Envelope): Answer {
        if (closed) return Answer.None(IOException("The transport is closed"))
        if (isStuck) return Answer.None(IOException("The client is busy with a request that took too long"))
        var answer: Answer? = null
        try {
            val done = withTimeoutOrNull(timeout) {
                client.value.preparePost { post(envelope) }.execute { response ->
                    answer = answerOf(response)
                    response.drain()
                }
            }
            if (done == null) giveUp()
        } catch (e: CancellationException) {
            // Ours if we were cancelled; else the client's way to say that it was closed.
            if (answer == null) currentCoroutineContext().ensureActive()
            return answer ?: Answer.None(e)
        } catch (e: Throwable) {
            // Not only IOException: an unresolved address is an IllegalArgumentException, a jar that
            // the application left out a LinkageError.
            return answer ?: Answer.None(e)
        }
        return answer ?: Answer.None(IOException("No answer within $timeout"))
    }

    private fun giveUp() {
        isStuck = true
        try {
            // Also if the client is closed, and runs nothing any more.
            client.value.launch { }.invokeOnCompletion { isStuck = false }
        } catch (e: Throwable) {
            isStuck = false
            throw e
        }
    }

    override fun close() {
        closed = true
        if (client.isInitialized()) client.value.close()
    }

    private fun HttpRequestBuilder.post(envelope: Envelope) {
        url(endpoint.url)
        // Whatever the user's client thinks of it.
        expectSuccess = false
        endpoint.authorization?.let { header("X-Sentry-Auth", it) }
        header(HttpHeaders.UserAgent, Endpoint.CLIENT)
        header(HttpHeaders.ContentEncoding, "gzip")
        setBody(ByteArrayContent(envelope.gzipped(), ENVELOPE))
    }

    private fun answerOf(response: HttpResponse) =
        Answer.Status(
            code = response.status.value,
            // Several headers of one name are one list.
            rateLimits = response.headers.getAll("X-Sentry-Rate-Limits")?.joinToString(","),
            retryAfter = response.headers[HttpHeaders.RetryAfter],
            isWebPage = response.headers[HttpHeaders.ContentType]?.startsWith(HTML, ignoreCase = true) ?: false,
        )

    /**
     * Reads what is left, without which the connection cannot be kept; up to a limit, for it is not
     * ours. Whether that works does not matter: the status has been read, and is what counts.
     */
    private suspend fun HttpResponse.drain() {
        bodyAsChannel().discard(LONGEST_BODY)
    }

    companion object {
        val TIMEOUT = 30.seconds
        private const val HTML = "text/html"
        private const val LONGEST_BODY = 64L * 1024
        private val ENVELOPE = ContentType("application", "x-sentry-envelope")
    }
}

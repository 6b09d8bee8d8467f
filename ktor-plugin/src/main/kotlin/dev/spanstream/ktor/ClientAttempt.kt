package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.SpanStatus
import dev.spanstream.internal.ContextDoor
import io.ktor.client.call.HttpClientCall
import io.ktor.client.plugins.isSaved
import io.ktor.client.statement.HttpResponse
import io.ktor.util.AttributeKey
import kotlinx.coroutines.Job

/**
 * The span of an attempt, from when it is sent until its body is done. The request and the call carry it
 * along, so that whoever hears of them can tell what became of it.
 *
 * @param caller null for a suspending main function, which has no job
 */
internal class ClientAttempt(
    val span: Span,
    private val context: ContextDoor.Handle,
    private val caller: Job?,
    private val captured: CapturedHeaders,
    private val pii: Boolean,
) {
    /** Writes down what came over the wire: plugins such as the cache may make something else of it. */
    fun received(response: HttpResponse) {
        if (response.status.value >= FIRST_ERROR) {
            span.setStatus(SpanStatus.ERROR)
        }
        if (span.isRecording) {
            harmless { response.describe(captured, pii, span::setAttribute) }
        }
    }

    /**
     * Ends with the body of the response or with the session, or because that has failed: now, if the client
     * has read it all already, as it does unless it is told to stream.
     */
    fun answered(call: HttpClientCall) {
        if (call.response.isSaved) {
            givenUp()
            return
        }
        val session = call.attributes.getOrNull(EventSession.Key) ?: EventSession()
        session.whenDone(call) { cause ->
            // On whatever thread, and maybe after the caller has gone on.
            end(door.current()) { cause?.let { bodyFailureOf(it, caller) } }
        }
    }

    /** Ends because there is no response. */
    fun failed(thrown: Throwable): Unit = end(context) { failureOf(thrown, caller) }

    /** Ends as it is: nobody wants to know any more of it. */
    fun givenUp(): Unit = end(context) { null }

    private inline fun end(context: ContextDoor.Handle, failure: () -> Throwable?): Unit =
        door.end(context, span, harmless(failure))

    companion object {
        val Key = AttributeKey<ClientAttempt>("dev.spanstream.ClientAttempt")
    }
}

/** The span of this call, if it has one. */
internal val HttpClientCall.attempt: ClientAttempt? get() = attributes.getOrNull(ClientAttempt.Key)

package dev.spanstream.samples.inbox

import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.install
import io.ktor.server.request.header
import io.ktor.server.request.queryString
import io.ktor.server.request.receiveChannel
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import io.ktor.server.routing.IgnoreTrailingSlash
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import io.ktor.util.toMap
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.discard
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull

/** `POST /api/<project>/envelope/`: the only place that knows Ktor's requests and answers. */
internal class EnvelopeEndpoint(
    private val intake: Intake,
    private val bodies: BodyReader,
) {
    fun installIn(application: Application) {
        application.install(IgnoreTrailingSlash)
        application.routing {
            post("/api/{project}/envelope") { answer(call, call.parameters["project"].orEmpty()) }
        }
    }

    private suspend fun answer(call: ApplicationCall, project: String) {
        val request = InboxRequest(project, call.request.queryString(), call.request.headers.toMap())
        val encoding = call.request.header(HttpHeaders.ContentEncoding)
        val channel = call.receiveChannel()
        var body: ByteArray? = null
        val answer = try {
            withContext(Dispatchers.IO) {
                intake.receive(request) { bodies.read(encoding, channel).also { body = it } }
            }
        } finally {
            body?.let(bodies::release)
        }
        discardRest(call, channel, wasRead = body != null)
        respond(call, answer)
    }

    /** A client that is still writing does not see the answer, so a refused body is read on for a while. */
    private suspend fun discardRest(call: ApplicationCall, channel: ByteReadChannel, wasRead: Boolean) {
        if (wasRead) return
        withTimeoutOrNull(bodies.timeout) { channel.discard(MAX_DISCARDED) }
        call.response.header(HttpHeaders.Connection, "close")
    }

    private suspend fun respond(call: ApplicationCall, answer: PlannedAnswer) {
        val (contentTypes, others) = answer.headers.entries.partition { it.key.equals(HttpHeaders.ContentType, true) }
        others.forEach { (name, value) -> call.response.header(name, value) }
        val contentType =
            contentTypes.firstOrNull()?.let { ContentType.parse(it.value) } ?: ContentType.Application.Json
        call.respondText(answer.body, contentType, HttpStatusCode.fromValue(answer.status))
    }

    private companion object {
        const val MAX_DISCARDED = 16L * 1024 * 1024
    }
}

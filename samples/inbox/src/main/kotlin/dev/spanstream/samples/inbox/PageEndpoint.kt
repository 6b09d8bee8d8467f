package dev.spanstream.samples.inbox

import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.install
import io.ktor.server.request.contentType
import io.ktor.server.request.receiveChannel
import io.ktor.server.response.header
import io.ktor.server.response.respondBytes
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.delete
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import io.ktor.server.sse.SSE
import io.ktor.server.sse.heartbeat
import io.ktor.server.sse.sse
import kotlinx.coroutines.delay
import kotlinx.serialization.json.JsonElement
import java.time.Clock
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * The page and what it asks for. All of it is data: the page's script draws.
 *
 * ```
 * GET    /                                the page, and its files under /page/
 * GET    /events                          the numbers that have changed, as server-sent events
 * GET    /traces?since=&q=                the list of traces, or what has changed in it
 * GET    /traces/{id}?since=              the rows of one trace, or those that are new
 * GET    /traces/{id}/spans/{number}      one span with its attributes
 * GET    /traces/{id}/export              the trace as a file
 * POST   /traces                          puts such a file back
 * DELETE /traces                          forgets everything
 * GET    /findings                        rejections, warnings, client reports
 * ```
 */
internal class PageEndpoint(
    private val store: TraceStore,
    private val bodies: BodyReader,
    private val host: String,
    clock: Clock,
) {
    private val assets = PageAssets()
    private val guard = PageGuard(host)
    private val json = PageJson(store, clock)
    private val import = TraceImport(store)

    fun installIn(application: Application) {
        application.install(SSE)
        application.routing {
            guard.installIn(application)
            get("/") { assets.respondPage(call, InboxDsn.of(host, call.request.local.serverPort)) }
            get("/page/{file}") { assets.respondFile(call, call.parameters["file"].orEmpty()) }
            get("/traces") { list(call) }
            get("/findings") { respond(call, json.findings()) }
            delete("/traces") {
                store.clear()
                call.respondText("", status = HttpStatusCode.NoContent)
            }
            post("/traces") { import(call) }
            get("/traces/{id}") { rows(call, call.parameters["id"].orEmpty()) }
            get("/traces/{id}/spans/{number}") { span(call, call.parameters["id"].orEmpty()) }
            get("/traces/{id}/export") { export(call, call.parameters["id"].orEmpty()) }
            events()
        }
    }

    /** A slow reader misses numbers, but never the last ones: nothing is queued for it. */
    private fun Route.events() = sse("/events") {
        heartbeat { period = 15.seconds }
        store.changes.collect {
            send(json.numbers().toString())
            delay(PAUSE)
        }
    }

    private suspend fun list(call: ApplicationCall) {
        val changes = store.changesSince(call.number("since"))
        val query = call.request.queryParameters["q"].orEmpty()
        respond(call, json.list(changes, if (query.isEmpty()) null else TraceSearch(query).idsIn(store.traces())))
    }

    private suspend fun rows(call: ApplicationCall, traceId: String) {
        val kept = store.keptSpans(traceId, call.number("since")) ?: return missing(call, "trace")
        respond(call, RowsJson(kept).text(json.age(kept.trace.lastArrival)))
    }

    private suspend fun span(call: ApplicationCall, traceId: String) {
        val number = call.parameters["number"]?.toLongOrNull()
        val kept = store.keptSpans(traceId)?.spans?.find { it.number == number } ?: return missing(call, "span")
        respond(call, SpanJson.of(kept))
    }

    private suspend fun export(call: ApplicationCall, traceId: String) {
        val kept = store.keptSpans(traceId) ?: return missing(call, "trace")
        call.response.header(HttpHeaders.ContentDisposition, "attachment; filename=\"trace-$traceId.json\"")
        respond(call, TraceExport.of(traceId, kept.spans))
    }

    private suspend fun import(call: ApplicationCall) {
        var body: ByteArray? = null
        try {
            // A page of another origin may not send this type unasked, so it cannot write here.
            if (!call.request.contentType().match(ContentType.Application.Json)) {
                throw Refusal.of(415, "a trace is application/json")
            }
            body = bodies.read(call.request.headers[HttpHeaders.ContentEncoding], call.receiveChannel())
            respond(call, import.take(body))
        } catch (e: Refusal) {
            call.response.header(HttpHeaders.Connection, "close")
            call.respondText(e.answer.body, ContentType.Application.Json, HttpStatusCode.fromValue(e.answer.status))
        } finally {
            body?.let(bodies::release)
        }
    }

    private suspend fun missing(call: ApplicationCall, what: String) =
        call.respondText("no such $what", status = HttpStatusCode.NotFound)

    private suspend fun respond(call: ApplicationCall, content: JsonElement) = respond(call, content.toString())

    private suspend fun respond(call: ApplicationCall, content: String) =
        call.respondBytes(content.encodeToByteArray(), ContentType.Application.Json)

    private fun ApplicationCall.number(parameter: String) = request.queryParameters[parameter]?.toLongOrNull() ?: 0

    private companion object {
        /** Between two events to one page. */
        val PAUSE = 200.milliseconds
    }
}

package dev.spanstream.ktor

import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.netty.Netty
import io.ktor.server.request.header
import io.ktor.server.response.header
import io.ktor.server.response.respond
import io.ktor.server.response.respondBytesWriter
import io.ktor.server.response.respondRedirect
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.head
import io.ktor.server.routing.routing
import io.ktor.server.sse.SSE
import io.ktor.server.sse.sse
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import io.ktor.utils.io.ByteWriteChannel
import io.ktor.utils.io.writeStringUtf8
import kotlinx.coroutines.CompletableDeferred
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger

/** The server that clients under test talk to. Traces nothing, and notes the headers that it gets. */
class Shop {
    private val calls = AtomicInteger()

    /** `sentry-trace`, `baggage` and `traceparent` of each request, in the order of arrival. */
    val headers = ConcurrentLinkedQueue<Map<String, String?>>()

    /** Completed when a request has come to the place where nothing is ever answered. */
    val silence = CompletableDeferred<Unit>()

    /** What the second price waits for. */
    val goOn = CompletableDeferred<Unit>()

    private val closing = CompletableDeferred<Unit>()

    suspend fun open(talk: suspend (url: String) -> Unit) =
        SocketServer(Netty).serveAt({ routes() }) { port ->
            talk("http://127.0.0.1:$port")
            closing.complete(Unit)
        }

    private fun Application.routes() {
        install(WebSockets)
        install(SSE)
        routing {
            suspend fun note(header: (String) -> String?) {
                headers += listOf("sentry-trace", "baggage", "traceparent").associateWith(header)
            }
            sse("/news") {
                note(call.request::header)
                send("one")
                send("two")
            }
            sse("/news/forever") {
                note(call.request::header)
                send("one")
                closing.await()
            }
            webSocket("/echo") {
                note(call.request::header)
                for (frame in incoming) send(frame)
            }
            sse("/prices") {
                note(call.request::header)
                send("1")
                goOn.await()
                send("2")
                closing.await()
            }
            get("/cached") {
                call.response.header("ETag", TAG)
                call.response.header("Cache-Control", call.request.queryParameters["control"].orEmpty())
                if (call.request.header("If-None-Match") == TAG) {
                    call.respond(HttpStatusCode.NotModified)
                } else {
                    call.respondText("fine")
                }
            }
            get("/fine") {
                note(call.request::header)
                call.respondText("fine")
            }
            head("/fine") { call.respondText("") }
            get("/kept") {
                call.response.header("Cache-Control", "max-age=100")
                call.respondText("kept")
            }
            get("/bad") { call.respondText("", status = HttpStatusCode.BadRequest) }
            get("/missing") { call.respondText("", status = HttpStatusCode.NotFound) }
            get("/flaky") {
                note(call.request::header)
                val status = if (calls.incrementAndGet() < 3) HttpStatusCode.InternalServerError else HttpStatusCode.OK
                call.respondText("", status = status)
            }
            get("/moved") {
                note(call.request::header)
                call.respondRedirect(call.request.queryParameters["to"] ?: "/fine")
            }
            get("/private") {
                if (call.request.header("Authorization") == "Bearer new") {
                    call.respondText("private")
                } else {
                    call.response.header("WWW-Authenticate", "Bearer")
                    call.respondText("no", status = HttpStatusCode.Unauthorized)
                }
            }
            get("/busy") {
                note(call.request::header)
                call.respondText("", status = HttpStatusCode.ServiceUnavailable)
            }
            get("/parts") { call.respondBytesWriter { part("one") } }
            get("/silent") {
                silence.complete(Unit)
                closing.await()
            }
        }
    }

    private suspend fun ByteWriteChannel.part(text: String) {
        writeStringUtf8(text)
        flush()
    }
}

private const val TAG = "\"a\""

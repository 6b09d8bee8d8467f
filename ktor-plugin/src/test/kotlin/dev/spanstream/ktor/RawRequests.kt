package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.sink.FinishedSpan
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.install
import io.ktor.server.http.HttpRequestLifecycle
import io.ktor.server.routing.get
import io.ktor.server.routing.route
import io.ktor.server.routing.routing
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.net.Socket

/** Requests that are bytes on a socket, each to a server of its own. */
class RawRequests(private val server: SocketServer<*>) {
    val sink = RecordingSink()
    val tracer: Tracer = tracer(sink)

    /** Who cancels a call when its client goes away. */
    enum class CancelOnClose { NOBODY, APPLICATION, ROUTE }

    /** Sends a request, lets [read] do as it likes with the answer, closes the connection. */
    suspend fun request(
        request: String = "GET / HTTP/1.1\nHost: a\n\n",
        cancelOnClose: CancelOnClose = CancelOnClose.NOBODY,
        read: suspend (Socket) -> Unit = { it.readStatus() },
        handle: suspend (ApplicationCall) -> Unit,
    ): FinishedSpan {
        lateinit var span: FinishedSpan
        server.serveAt({
            if (cancelOnClose == CancelOnClose.APPLICATION) {
                install(HttpRequestLifecycle) { cancelCallOnClose = true }
            }
            install(ServerTracing) { this.tracer = this@RawRequests.tracer }
            routing {
                route("{...}") {
                    if (cancelOnClose == CancelOnClose.ROUTE) {
                        install(HttpRequestLifecycle) { cancelCallOnClose = true }
                    }
                    get { handle(call) }
                }
            }
        }) { port ->
            withContext(Dispatchers.IO) {
                Socket("127.0.0.1", port).use { socket ->
                    socket.getOutputStream().write(request.replace("\n", "\r\n").toByteArray())
                    read(socket)
                }
            }
            span = sink.take()
        }
        return span
    }
}

fun Socket.readStatus(): String? = getInputStream().bufferedReader().readLine()

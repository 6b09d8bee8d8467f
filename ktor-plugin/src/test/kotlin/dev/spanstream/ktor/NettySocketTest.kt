package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.sink.FinishedSpan
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.install
import io.ktor.server.http.HttpRequestLifecycle
import io.ktor.server.netty.Netty
import io.ktor.server.response.respondBytesWriter
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.utils.io.writeStringUtf8
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.withContext
import java.net.Socket

/** What only bytes on a socket can bring about. */
class NettySocketTest : StringSpec({
    val sink = RecordingSink()
    val tracer = tracer(sink)

    /** Sends a request, lets [read] do as it likes with the answer, closes the connection. */
    suspend fun request(
        request: String,
        cancelOnClose: Boolean = false,
        read: suspend (Socket) -> Unit = { it.readStatus() },
        handle: suspend (ApplicationCall) -> Unit,
    ): FinishedSpan {
        lateinit var span: FinishedSpan
        SocketServer(Netty).serveAt({
            install(HttpRequestLifecycle) { cancelCallOnClose = cancelOnClose }
            install(ServerTracing) { this.tracer = tracer }
            routing { get("/{...}") { handle(call) } }
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

    "A Host header that Ktor cannot read broke the request" {
        val addresses = mapOf(
            "shop.example" to ("shop.example" to 80L),
            "shop.example:8443" to ("shop.example" to 8443L),
            "[::1]" to ("::1" to 80L),
            "[::1]:8080" to ("::1" to 8080L),
            "shop.example:http" to ("shop.example" to null),
            "shop.example:99999" to ("shop.example" to null),
        )
        for ((header, address) in addresses) {
            var status: String? = null
            val span =
                request("GET / HTTP/1.1\nHost: $header\n\n", read = { status = it.readStatus() }) { it.respondText("") }
            status shouldBe "HTTP/1.1 200 OK"
            (span["server.address"] to span["server.port"]) shouldBe address
        }
    }

    "A request without a Host header did not say where it arrived" {
        val span = request("GET / HTTP/1.0\n\n") { it.respondText("") }
        span["server.address"] shouldBe "127.0.0.1"
        span["network.protocol.version"] shouldBe "1.0"
    }

    "The secrets in the URL of a proxy request were written down" {
        val span =
            request("GET http://user:secret@shop.example/x HTTP/1.1\nHost: shop.example\n\n") { it.respondText("") }
        span["url.path"].shouldBeNull()
    }

    "A client that went away was an error of the server" {
        val waiting = CompletableDeferred<Unit>()
        val span = request("GET / HTTP/1.1\nHost: a\n\n", cancelOnClose = true, read = { waiting.await() }) {
            waiting.complete(Unit)
            awaitCancellation()
        }
        span["http.request.cancelled"] shouldBe true
        span["http.response.status_code"].shouldBeNull()
        span.status shouldBe SpanStatus.OK
    }

    "A client that went away was an error because the handler turned its cancellation into something else" {
        val waiting = CompletableDeferred<Unit>()
        val span = request("GET / HTTP/1.1\nHost: a\n\n", cancelOnClose = true, read = { waiting.await() }) {
            waiting.complete(Unit)
            runCatching { awaitCancellation() }.onFailure { throw IllegalStateException(it) }
        }
        span["http.request.cancelled"] shouldBe true
        span["error.type"].shouldBeNull()
        span.status shouldBe SpanStatus.OK
    }

    "A client that went away in the middle of a response was an error of the server" {
        val span = request("GET / HTTP/1.1\nHost: a\n\n", read = { it.readStatus() }) { call ->
            call.respondBytesWriter {
                while (true) {
                    writeStringUtf8("x".repeat(8_192))
                    flush()
                }
            }
        }
        span["http.request.cancelled"] shouldBe true
        span["http.response.status_code"] shouldBe 200L
        span.status shouldBe SpanStatus.OK
    }

    "A failure after the headers were sent was given a status that nobody got" {
        val span = request("GET / HTTP/1.1\nHost: a\n\n") { call ->
            call.respondBytesWriter {
                writeStringUtf8("part")
                flush()
                error("broken off")
            }
        }
        span["http.response.status_code"] shouldBe 200L
        span["error.type"] shouldBe "java.lang.IllegalStateException"
        span.status shouldBe SpanStatus.ERROR
    }
})

private fun Socket.readStatus(): String? = getInputStream().bufferedReader().readLine()

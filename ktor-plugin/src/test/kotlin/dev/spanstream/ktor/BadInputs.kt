package dev.spanstream.ktor

import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldEndWith
import io.kotest.matchers.string.shouldStartWith
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.install
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.net.Socket

/** Whatever a client sends, it gets what it would get without the plugin. */
fun badInputs(server: SocketServer<*>) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink) { sendDefaultPii = true }

        /** All that comes back, but for the date. */
        suspend fun answer(request: ByteArray, traced: Boolean, handle: suspend (ApplicationCall) -> Unit): String {
            var answer = ""
            server.serveAt({
                if (traced) {
                    install(ServerTracing) {
                        this.tracer = tracer
                        captureHeaders("X-Any")
                    }
                }
                routing { get("/{...}") { handle(call) } }
            }) { port ->
                withContext(Dispatchers.IO) {
                    Socket("127.0.0.1", port).use { socket ->
                        socket.soTimeout = PATIENCE_MILLIS
                        socket.getOutputStream().write(request)
                        val lines = socket.getInputStream().bufferedReader().readLines()
                        answer = lines.filterNot { it.startsWith("Date:") }.joinToString("\n")
                    }
                }
            }
            answer shouldStartWith "HTTP/1"
            return answer
        }

        suspend fun shouldAnswerTheSame(request: ByteArray, handle: suspend (ApplicationCall) -> Unit): String {
            val answer = answer(request, traced = true, handle)
            answer shouldBe answer(request, traced = false, handle)
            tracer.stats().open() shouldBe 0
            return answer
        }

        fun request(path: String = "/", vararg headers: String) =
            "GET $path HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers.joinToString("") { "$it\r\n" }}\r\n"
                .toByteArray(Charsets.ISO_8859_1)

        val requests = mapOf(
            "bytes that are no UTF-8" to request("/\u00ff\u00fe/%ff%fe"),
            "escapes that are none" to request("/%zz?a=%zz&%zz=%"),
            "a header in a header" to request("/", "X-Any: a%0d%0aSet-Cookie: b", "sentry-trace: a\u0000b"),
            "a line that is folded" to request("/", "X-Any: a\r\n b", "baggage: a\r\n b"),
        )

        for ((what, bytes) in requests) {
            "The plugin changed the answer to $what" {
                shouldAnswerTheSame(bytes) { it.respondText("fine") }
            }
        }

        // In several lines, as CIO takes no longer ones.
        "The plugin changed the answer to 64 KiB of baggage" {
            val members = (0 until 64).map { line -> "baggage: " + "sentry-$line=%,".repeat(100).take(1024) }
            shouldAnswerTheSame(request("/", "sentry-trace: $TRACE-$PARENT-1", *members.toTypedArray())) {
                it.respondText("${it.lines("baggage").sumOf(String::length)} characters")
            } shouldEndWith "${64 * 1024} characters"
        }

        "The plugin changed the answer to 10,000 cookies" {
            val cookies = (0 until 20).map { line -> "Cookie: " + (0 until 500).joinToString(";") { "c$line.$it=b" } }
            shouldAnswerTheSame(request("/", "sentry-trace: $TRACE-$PARENT-1", *cookies.toTypedArray())) {
                it.respondText("${it.lines("Cookie").sumOf { line -> line.split(';').size }} cookies")
            } shouldEndWith "10000 cookies"
        }

        "The plugin changed the answer of a handler that throws an Error" {
            for (error in listOf(StackOverflowError("deep"), NoClassDefFoundError("gone"), AssertionError("no"))) {
                shouldAnswerTheSame(request()) { throw error }
            }
        }
    }

private fun ApplicationCall.lines(header: String) = request.headers.getAll(header).orEmpty()

/** In bytes, what the engines must take for the longest requests to reach the plugin. */
internal const val LONGEST_HEADERS = 256 * 1024

/** Each of these requests is answered by each engine. */
private const val PATIENCE_MILLIS = 10_000

package dev.spanstream.ktor

import dev.spanstream.coroutines.withSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.HttpClientEngineFactory
import io.ktor.client.request.post
import io.ktor.client.request.setBody
import io.ktor.client.statement.bodyAsText
import io.ktor.http.content.OutgoingContent
import java.net.InetAddress
import java.net.ServerSocket
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.concurrent.thread

/** Whatever a server answers and an application asks, the request does what it would do without the plugin. */
fun brokenAnswers(engine: HttpClientEngineFactory<*>) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        /** What the client makes of the answer: the body, or the type of the exception. */
        suspend fun outcome(answer: String, traced: Boolean, content: Any = "ping"): String =
            answering(answer) { url ->
                HttpClient(engine) { if (traced) install(ClientTracing) { this.tracer = tracer } }.use { client ->
                    val outcome = tracer.withSpan("caller") {
                        runCatching { client.post(url) { setBody(content) }.bodyAsText() }
                    }
                    outcome.getOrElse { it.javaClass.name }
                }
            }

        val answers = listOf(
            "HTTP/1.1 200 OK\r\nContent-Length: abc\r\nConnection: close\r\n\r\npong",
            "HTTP/1.1 200 OK\r\nContent-Length: 4, 4\r\nConnection: close\r\n\r\npong",
            "HTTP/1.1 204 No Content\r\nContent-Length: \r\nConnection: close\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\nConnection: close\r\n\r\npong",
            "HTTP/1.1 204 No Content\r\nLocation: http://%zz:?#@/\r\nConnection: close\r\n\r\n",
        )

        for (answer in answers) {
            "The plugin changed what becomes of the answer ${answer.lines().take(2)}" {
                outcome(answer, traced = true) shouldBe outcome(answer, traced = false)
                sink.take(3).count { it.name == "caller" } shouldBe 2
                tracer.stats().open() shouldBe 0
            }
        }

        "A body whose length cannot be told when the plugin asks broke the request, or lost its span" {
            val content = object : OutgoingContent.ByteArrayContent() {
                private val asked = AtomicBoolean()
                override val contentLength: Long get() = if (asked.getAndSet(true)) 4 else error("not yet")

                override fun bytes() = "ping".toByteArray()
            }
            val fine = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\npong"
            outcome(fine, traced = true, content) shouldBe "pong"
            sink.take(2).first()["http.response.status_code"] shouldBe 200L
        }
    }

/** Answers each request with the same bytes, whatever it is. */
private suspend fun <T> answering(answer: String, talk: suspend (url: String) -> T): T =
    ServerSocket(0, 0, InetAddress.getLoopbackAddress()).use { socket ->
        thread(isDaemon = true) {
            while (!socket.isClosed) {
                runCatching {
                    socket.accept().use { connection ->
                        val request = connection.getInputStream()
                        val asked = StringBuilder()
                        while (!asked.endsWith("ping")) asked.append(request.read().toChar())
                        connection.getOutputStream().write(answer.toByteArray())
                    }
                }
            }
        }
        talk("http://127.0.0.1:${socket.localPort}/")
    }

package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.coroutines.withSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.client.request.prepareGet
import io.ktor.client.statement.bodyAsBytes
import io.ktor.client.statement.bodyAsChannel
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.response.respondFile
import io.ktor.server.response.respondTextWriter
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.server.sse.SSE
import io.ktor.server.sse.sse
import io.ktor.utils.io.readLine
import kotlinx.coroutines.CompletableDeferred
import java.io.File

/**
 * Responses that are written bit by bit. Over sockets only: the test host writes them in a coroutine of
 * its own, and says that the call is done before.
 */
fun streams(server: SocketServer<*>) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        fun Application.feeds(goOn: CompletableDeferred<Unit>) {
            install(ServerTracing) { this.tracer = tracer }
            install(SSE)
            routing {
                sse("/prices") {
                    tracer.withSpan("price") { send("1") }
                    goOn.await()
                    tracer.withSpan("price") { send("2") }
                }
                get("/export") {
                    call.respondTextWriter {
                        tracer.withSpan("row") { write("1\n") }
                        flush()
                        goOn.await()
                        tracer.withSpan("row") { write("2\n") }
                    }
                }
            }
        }

        for (path in listOf("/prices", "/export")) {
            "A stream was done before its last part, or its parts were not its children: $path" {
                val goOn = CompletableDeferred<Unit>()
                server.serve({ feeds(goOn) }) { client ->
                    val first = client.prepareGet(path).execute { response ->
                        val body = response.bodyAsChannel()
                        body.readLine()
                        sink.take().also {
                            tracer.stats().open() shouldBe 1
                            goOn.complete(Unit)
                            do {
                                val line = body.readLine()
                            } while (line != null)
                        }
                    }
                    val (second, stream) = sink.take(2)
                    first.parentSpanId shouldBe stream.spanId
                    second.parentSpanId shouldBe stream.spanId
                    stream.name shouldBe "GET $path"
                    stream["http.response.status_code"] shouldBe 200L
                    stream.status shouldBe SpanStatus.OK
                }
            }
        }

        "A file was not answered as it is, or its size not written down" {
            val file = File.createTempFile("spanstream", ".bin").apply {
                writeBytes(ByteArray(FILE_SIZE) { it.toByte() })
                deleteOnExit()
            }
            server.serve({
                install(ServerTracing) { this.tracer = tracer }
                routing { get("/download") { call.respondFile(file) } }
            }) { client ->
                client.get("/download").bodyAsBytes().contentEquals(file.readBytes()) shouldBe true
                sink.take().run {
                    get("http.response.body.size") shouldBe FILE_SIZE.toLong()
                    status shouldBe SpanStatus.OK
                }
            }
        }
    }

private const val FILE_SIZE = 300_000

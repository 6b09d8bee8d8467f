package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.coroutines.withSpan
import dev.spanstream.sink.FinishedSpan
import io.kotest.assertions.throwables.shouldThrowAny
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.install
import io.ktor.server.plugins.BadRequestException
import io.ktor.server.plugins.statuspages.StatusPages
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.util.cio.ChannelReadException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import java.io.IOException
import kotlin.time.Duration.Companion.milliseconds

/** Status and attributes with which a service span ends. */
fun serviceSpanOutcomes(server: TestServer) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        /** The span of a request, and the status that its client got; null if it got none. */
        suspend fun request(
            statusPagesFirst: Boolean = false,
            handle: suspend (ApplicationCall) -> Unit,
        ): Pair<FinishedSpan, Int?> {
            lateinit var span: FinishedSpan
            var status: Int? = null
            server.serve({
                if (statusPagesFirst) statusPages()
                install(ServerTracing) { this.tracer = tracer }
                if (!statusPagesFirst) statusPages()
                routing { get("/") { handle(call) } }
            }) { client ->
                status = runCatching {
                    client
                        .get("/")
                        .also { it.bodyAsText() }
                        .status.value
                }.getOrNull()
                // Before the server stops, which cancels what is not done.
                span = sink.take()
            }
            return span to status
        }

        fun FinishedSpan.shouldBe(status: SpanStatus, code: Long?, errorType: String? = null) {
            this["http.response.status_code"] shouldBe code
            this.status shouldBe status
            this["error.type"] shouldBe errorType
            this["http.request.cancelled"].shouldBeNull()
        }

        "A response did not end up in the span" {
            val (span, _) = request { it.respondText("four") }
            span.shouldBe(SpanStatus.OK, 200)
            span["http.response.body.size"] shouldBe 4L
            span["sentry.op"] shouldBe "http.server"
            span["sentry.origin"] shouldBe "auto.http.ktor_server"
            span["url.scheme"] shouldBe "http"
            span["network.protocol.version"] shouldBe "1.1"
        }

        "A status from 400 on was not an error" {
            request { it.respondText("", status = HttpStatusCode.BadRequest) }.first.shouldBe(SpanStatus.ERROR, 400)
            request { it.respondText("", status = HttpStatusCode.Found) }.first.shouldBe(SpanStatus.OK, 302)
        }

        "An exception was given another status than the engine answered" {
            val failures = mapOf(
                IllegalStateException("boom") to 500,
                BadRequestException("bad") to 400,
                NotImplementedError() to 500,
            )
            for ((failure, code) in failures) {
                val (span, answered) = request { throw failure }
                answered shouldBe code
                span.shouldBe(SpanStatus.ERROR, code.toLong(), failure.javaClass.name)
            }
        }

        "An exception that StatusPages answered was given the status of an exception" {
            for (statusPagesFirst in listOf(true, false)) {
                val (span, answered) = request(statusPagesFirst) { throw NoSuchElementException() }
                answered shouldBe 410
                span.shouldBe(SpanStatus.ERROR, 410)
                request(statusPagesFirst) { throw IndexOutOfBoundsException() }.first.shouldBe(SpanStatus.OK, 200)
            }
        }

        "A handler whose time was up looked like a client that went away" {
            val (span, answered) = request { withTimeout(1.milliseconds) { awaitCancellation() } }
            answered shouldBe 504
            span.shouldBe(SpanStatus.ERROR, 504, "kotlinx.coroutines.TimeoutCancellationException")
        }

        "A handler that met the cancellation of somebody else looked like a client that went away" {
            val cancelled = CompletableDeferred<Unit>().apply { cancel() }
            val (span, answered) = request { cancelled.await() }
            answered shouldBe 500
            span.shouldBe(SpanStatus.ERROR, 500)
        }

        "A handler that could not read from somebody else looked like a client that went away" {
            val failure = IllegalStateException("downstream", ChannelReadException("cut off", IOException()))
            val (span, answered) = request { throw failure }
            answered shouldBe 500
            span.shouldBe(SpanStatus.ERROR, 500, "java.lang.IllegalStateException")
        }

        "The span of a call waited for what its handler had launched in the scope of the call, or was no parent of it" {
            val goOn = CompletableDeferred<Unit>()
            server.serve({
                install(ServerTracing) { this.tracer = tracer }
                routing {
                    get("/") {
                        CoroutineScope(currentCoroutineContext()).launch {
                            goOn.await()
                            tracer.withSpan("launched") { }
                        }
                        call.respondText("done")
                    }
                }
            }) { client ->
                coroutineScope {
                    // The test host, unlike others, answers only when all that was launched is done.
                    launch { client.get("/") }
                    val span = sink.take()
                    span.name shouldBe "GET /"
                    goOn.complete(Unit)
                    sink.take().parentSpanId shouldBe span.spanId
                }
            }
        }

        "The span of a call was not to be had, or to be had without the plugin" {
            val (span, _) = request { call ->
                call.span.setAttribute("mine", call.span.spanId)
                call.respondText("")
            }
            span["mine"] shouldBe span.spanId
            server.serve({ routing { get("/") { call.respondText("${shouldThrowAny { call.span }.message}") } } }) {
                it.get("/").bodyAsText() shouldBe
                    "There is no span: install(ServerTracing) in the application first"
            }
        }
    }

private fun Application.statusPages() {
    install(StatusPages) {
        exception<NoSuchElementException> { call, _ -> call.respondText("gone", status = HttpStatusCode.Gone) }
        exception<IndexOutOfBoundsException> { call, _ -> call.respondText("last one") }
    }
}

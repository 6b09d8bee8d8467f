package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.sink.FinishedSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.server.application.install
import io.ktor.server.plugins.BadRequestException
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.launch

/** What the coroutines of a handler mean for its service span. */
fun handlerScopes(server: TestServer) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        /** The span of a request, and the status that its client gets. */
        suspend fun request(handle: suspend CoroutineScope.() -> Unit): Pair<FinishedSpan, Int> {
            lateinit var answer: Pair<FinishedSpan, Int>
            server.serve({
                install(ServerTracing) { this.tracer = tracer }
                routing { get("/") { CoroutineScope(currentCoroutineContext()).handle() } }
            }) { client ->
                val status = client.get("/").status.value
                answer = sink.take() to status
            }
            return answer
        }

        fun Pair<FinishedSpan, Int>.shouldBeError(code: Int, errorType: String? = null) {
            val (span, answered) = this
            answered shouldBe code
            span.status shouldBe SpanStatus.ERROR
            span["http.response.status_code"] shouldBe code.toLong()
            span["error.type"] shouldBe errorType
            span["http.request.cancelled"].shouldBeNull()
        }

        "A handler that cancelled itself looked like a client that went away" {
            request {
                cancel()
                awaitCancellation()
            }.shouldBeError(500)
        }

        "A handler that failed in a coroutine of its own looked like a client that went away" {
            request {
                launch { throw BadRequestException("bad") }
                awaitCancellation()
            }.shouldBeError(400, BadRequestException::class.java.name)
        }
    }

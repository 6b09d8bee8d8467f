package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.sink.FinishedSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.server.application.install
import io.ktor.server.plugins.BadRequestException
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield

/**
 * What a handler does to its own call. Of engines that answer such a call: CIO, with the plugin or without, now
 * and then leaves the connection open and says nothing.
 */
fun handlerScopes(server: TestServer) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        /** The status that the client gets, null if it gets none. */
        suspend fun answer(traced: Boolean, handle: suspend CoroutineScope.() -> Unit): Int? {
            var status: Int? = null
            server.serve({
                if (traced) install(ServerTracing) { this.tracer = tracer }
                routing { get("/") { CoroutineScope(currentCoroutineContext()).handle() } }
            }) { client -> status = runCatching { client.get("/").status.value }.getOrNull() }
            return status
        }

        suspend fun span(handle: suspend CoroutineScope.() -> Unit): FinishedSpan {
            answer(traced = true, handle) shouldBe answer(traced = false, handle)
            return sink.take()
        }

        "A handler that cancelled its call got another answer, or was an error" {
            val span = span {
                cancel()
                awaitCancellation()
            }
            span.status shouldBe SpanStatus.OK
            span["http.request.cancelled"] shouldBe true
        }

        "A handler that failed in a coroutine of its own got another answer, or looked like a client that went away" {
            val span = span {
                launch { throw BadRequestException("bad") }
                awaitCancellation()
            }
            span.status shouldBe SpanStatus.ERROR
            span["error.type"] shouldBe BadRequestException::class.java.name
            span["http.request.cancelled"].shouldBeNull()
        }

        "An exception of a handler did not say any more where it was thrown" {
            val thrown = CompletableDeferred<Throwable>()
            server.serve({
                install(ServerTracing) { this.tracer = tracer }
                outside {
                    runCatching { proceed() }.onFailure { thrown.complete(it) }
                    context.respondText("")
                }
                routing {
                    get("/") {
                        withContext(Dispatchers.IO) { yield() }
                        failing()
                    }
                }
            }) { client -> client.get("/") }
            val original = generateSequence(thrown.await()) { it.cause }.last()
            original.stackTrace.first().methodName shouldBe "failing"
            sink.take()["error.type"] shouldBe original.javaClass.name
        }

        "What a handler launched for its call was lost, or in another trace" {
            answer(traced = true) { launch { tracer.startSpan("launched").use { yield() } } }
            val (first, second) = sink.take(2)
            setOf(first.name, second.name) shouldBe setOf("GET /", "launched")
            first.traceId shouldBe second.traceId
        }
    }

private fun failing(): Unit = throw NoSuchElementException()

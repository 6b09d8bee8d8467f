package dev.spanstream.ktor

import dev.spanstream.coroutines.traceContext
import dev.spanstream.sink.DropReason
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.HttpClientEngineFactory
import io.ktor.client.request.get
import io.ktor.http.HttpStatusCode
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.completeWith
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine

/** What the span of a request owes to the one who makes it. */
fun callers(engine: HttpClientEngineFactory<*>) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        suspend fun asking(ask: suspend (get: suspend () -> HttpStatusCode) -> Unit) =
            Shop().open { url ->
                HttpClient(engine) { install(ClientTracing) { this.tracer = tracer } }.use { client ->
                    ask { client.get("$url/fine").status }
                }
            }

        "A request where nothing is active made a span, or was not counted" {
            asking { get -> get() }
            sink.takeDrop() shouldBe DropReason.NO_PARENT_SPAN
            sink.untaken().shouldBeEmpty()
        }

        "A request of a coroutine that outlives the span it was launched in lacked what a request says" {
            asking { get ->
                coroutineScope {
                    val span = tracer.startSpan("ended")
                    val job = launch(traceContext(), CoroutineStart.LAZY) { get() }
                    span.end()
                    job.start()
                }
            }
            val (ended, span) = sink.take(2)
            span.parentSpanId shouldBe ended.spanId
            span["http.request.method"] shouldBe "GET"
            span["sentry.op"] shouldBe "http.client"
            span["http.response.status_code"] shouldBe 200L
        }

        "A request of a coroutine without a job, such as a suspending main function, failed" {
            val status = CompletableDeferred<HttpStatusCode>()
            asking { get ->
                suspend { tracer.startSpan("caller").use { get() } }
                    .startCoroutine(Continuation(EmptyCoroutineContext) { status.completeWith(it) })
                status.await() shouldBe HttpStatusCode.OK
            }
            sink.take(2)
        }
    }

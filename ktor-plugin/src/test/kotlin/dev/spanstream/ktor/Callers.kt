package dev.spanstream.ktor

import dev.spanstream.Traces
import dev.spanstream.coroutines.traceContext
import dev.spanstream.coroutines.withContinuedTrace
import dev.spanstream.coroutines.withNewTrace
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
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.completeWith
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine

/** What the span of a request owes to the one who makes it. */
fun callers(engine: HttpClientEngineFactory<*>) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        /** The traces that were sent along. */
        suspend fun asking(ask: suspend (get: suspend () -> HttpStatusCode) -> Unit): List<String> {
            val shop = Shop()
            shop.open { url ->
                HttpClient(engine) { install(ClientTracing) { this.tracer = tracer } }.use { client ->
                    ask { client.get("$url/fine").status }
                }
            }
            return shop.headers.map { it["sentry-trace"]!!.substringBefore('-') }
        }

        /** What a thread does that has nothing to do with coroutines. */
        suspend fun onPlainThread(act: () -> Unit) =
            withContext(Dispatchers.IO) { CompletableFuture.runAsync(act) { Thread(it).start() }.join() }

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

        "Requests of strangers, where nothing is active, were sent in the trace of the thread that served both" {
            val traces = Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { thread ->
                asking { get -> repeat(2) { withContext(thread) { get() } } }
            }
            traces.distinct().size shouldBe 2
            repeat(2) { sink.takeDrop() shouldBe DropReason.NO_PARENT_SPAN }
        }

        "A thread that waits for its request was not its caller" {
            asking { get -> onPlainThread { tracer.startSpan("caller").use { runBlocking { get() } } } }
            val (span, caller) = sink.take(2)
            span.parentSpanId shouldBe caller.spanId
        }

        "A request of a coroutine that has a trace, but no span, was sent in another trace" {
            asking { get ->
                tracer.withContinuedTrace(mapOf("sentry-trace" to "$TRACE-$PARENT-1")) { get() }
            } shouldBe listOf(TRACE)
            val begun = asking { get -> withNewTrace { repeat(2) { get() } } }
            begun.size shouldBe 2
            begun.distinct().size shouldBe 1
            repeat(3) { sink.takeDrop() shouldBe DropReason.NO_PARENT_SPAN }
        }

        "A request of a thread that continues a trace, or was isolated, was sent in another trace" {
            asking { get ->
                onPlainThread {
                    tracer.continueTrace(mapOf("sentry-trace" to "$TRACE-$PARENT-1"))
                    runBlocking { get() }
                }
            } shouldBe listOf(TRACE)
            asking { get ->
                onPlainThread {
                    tracer.continueTrace(mapOf("sentry-trace" to "$TRACE-$PARENT-1"))
                    val task = Traces.wrap(Runnable { runBlocking { get() } })
                    CompletableFuture.runAsync(task) { Thread(it).start() }.join()
                }
            } shouldBe listOf(TRACE)
            val begun = asking { get ->
                onPlainThread {
                    Traces.newTrace()
                    runBlocking { repeat(2) { get() } }
                }
            }
            begun.size shouldBe 2
            begun.distinct().size shouldBe 1
            val isolated = asking { get ->
                onPlainThread { Traces.isolate().use { runBlocking { repeat(2) { get() } } } }
            }
            isolated.size shouldBe 2
            isolated.distinct().size shouldBe 1
            repeat(6) { sink.takeDrop() shouldBe DropReason.NO_PARENT_SPAN }
        }
    }

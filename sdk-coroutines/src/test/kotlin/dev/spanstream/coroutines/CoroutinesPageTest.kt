package dev.spanstream.coroutines

import dev.spanstream.Traces
import dev.spanstream.slf4j.TraceMdc
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.maps.shouldContain
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.completeWith
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.slf4j.MDCContext
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.slf4j.MDC
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlin.time.Duration.Companion.milliseconds

/** What `docs/COROUTINES.md` claims, where no other test is about it. */
internal class CoroutinesPageTest :
    DispatcherSpec({
        everywhere("check out: the children of an async are children of the span around, and end before it") {
            withSpan("check out") {
                val reserved = async {
                    hop()
                    withSpan("reserve") { 1 }
                }
                withSpan("charge") { reserved.await() }
            }

            traces.parentOf("reserve") shouldBe "check out"
            traces.sink
                .spans()
                .last()
                .name shouldBe "check out"
        }

        // One thread leaves the coroutine at the suspension, with the span active on it.
        test("a span of plain code in a coroutine without a trace context stays with its thread") {
            val first = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
            val second = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
            withContext(first) {
                val read = Traces.startSpan("read")
                withContext(second) { Traces.startSpan("parse").end() }
                read.end()
            }
            first.close()
            second.close()

            traces.parentOf("parse") shouldBe null
        }

        test("a span of plain code goes with the coroutine once there is a new trace around it") {
            val first = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
            val second = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
            withContext(first) {
                withNewTrace {
                    Traces.startSpan("read").use { withContext(second) { Traces.startSpan("parse").end() } }
                }
            }
            first.close()
            second.close()

            traces.parentOf("parse") shouldBe "read"
        }

        test("in a suspending main function, only spans of withSpan are children after a suspension") {
            // Strict mode goes by the thread, which nobody points to the coroutine's context here.
            val lenient = TestTracer { strictMode = null }
            asMain {
                withSpan("import") {
                    Traces.startSpan("at once").close()
                    delay(1.milliseconds)
                    Traces.startSpan("parse").close()
                    withSpan("store") { delay(1.milliseconds) }
                }
            }

            lenient.parentOf("at once") shouldBe "import"
            lenient.parentOf("parse") shouldBe null
            lenient.parentOf("store") shouldBe "import"
        }

        val waysOut =
            mapOf<String, suspend (suspend () -> Unit) -> Unit>(
                "with a dispatcher around" to { block -> withContext(Dispatchers.Default) { block() } },
                "that begins with runBlocking" to { block -> runBlocking { block() } },
            )
        for ((way, begin) in waysOut) {
            test("in a suspending main function $way, a span of plain code is a child after a suspension") {
                asMain {
                    begin {
                        withSpan("import") {
                            delay(1.milliseconds)
                            Traces.startSpan("parse").close()
                        }
                    }
                }

                traces.parentOf("parse") shouldBe "import"
            }
        }

        everywhere("a job in the scope of the application has neither the span nor the attributes of the request") {
            val application = CoroutineScope(SupervisorJob() + Dispatchers.Default)
            Traces.globalScope().setAttribute("process", "yes")
            withNewTrace {
                Traces.setAttribute("request", "yes")
                withSpan("request") { application.launch { withSpan("receipt") { hop() } }.join() }
            }
            Traces.globalScope().removeAttribute("process")

            traces.parentOf("receipt") shouldBe null
            traces.span("receipt").traceId shouldNotBe traces.span("request").traceId
            traces.span("receipt").sentAttributes.shouldContain("process", "yes")
            traces.span("receipt").sentAttributes shouldNotContainKey "request"
        }

        everywhere("a worker that was launched inside a span works under it for ever") {
            val orders = Channel<Int>(Channel.UNLIMITED)
            val application = CoroutineScope(SupervisorJob() + Dispatchers.Default)
            withSpan("start-up") {
                application.launch(traceContext()) { for (order in orders) withSpan("order $order") { hop() } }
            }.let { worker ->
                orders.send(1)
                orders.close()
                worker.join()
            }
            val apart = Channel<Int>(1)
            withSpan("second start-up") {
                application.launchWithNewTrace { for (order in apart) withSpan("order $order") { hop() } }
            }.let { worker ->
                apart.send(2)
                apart.close()
                worker.join()
            }

            traces.parentOf("order 1") shouldBe "start-up"
            traces.parentOf("order 2") shouldBe null
            traces.span("order 2").traceId shouldNotBe traces.span("second start-up").traceId
        }

        everywhere("a message to another process carries the headers of the sender's span") {
            val message = withSpan("sender") { Traces.traceHeaders() }
            withContinuedTrace(message) { withSpan("receiver") { hop() } }

            traces.span("receiver").traceId shouldBe traces.span("sender").traceId
            traces.parentOf("receiver") shouldBe "sender"
            traces.span("receiver").isServiceSpan shouldBe true
        }

        everywhere("a traced flow that is collected without a trace context is not seen upstream") {
            flowOf(1).map { withSpan("enrich") { it } }.traced("lonely").collect()

            traces.parentOf("enrich") shouldBe null
            traces.span("lonely").sentAttributes.shouldContain("flow.items", 1L)
        }

        everywhere("what a wrapped pool runs for a future is under the span of who asked for it") {
            val threads = Executors.newFixedThreadPool(2)
            val pool = Traces.wrap(threads)
            withSpan("request") {
                val price = CompletableFuture.supplyAsync({ Traces.startSpan("price").use { 1 } }, pool)
                val total = price.thenApplyAsync({ Traces.startSpan("total").use { _ -> it + 1 } }, pool)
                total.await() shouldBe 2
            }
            threads.shutdown()

            traces.parentOf("price") shouldBe "request"
            traces.parentOf("total") shouldBe "request"
        }

        everywhere("a wrapped pool takes what is active when a task is handed in, not when the pool was wrapped") {
            val threads = Executors.newFixedThreadPool(2)
            val pool = withSpan("start-up") { Traces.wrap(threads) }
            val price = CompletableFuture<Int>()
            val total = withSpan("request") { price.thenApplyAsync({ Traces.startSpan("total").use { 1 } }, pool) }
            // The future hands the task in once there is a price.
            withSpan("price") { price.complete(1) }
            total.await()
            withSpan("later") { CompletableFuture.runAsync({ Traces.startSpan("work").end() }, pool).await() }
            threads.shutdown()

            traces.parentOf("total") shouldBe "price"
            traces.parentOf("work") shouldBe "later"
        }

        // On a thread of its own, where every yield is a suspension.
        test("a span of plain code within an MDCContext is gone from the MDC after a suspension") {
            val thread = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
            TraceMdc.install()
            try {
                withSpan("outer") { outer ->
                    withContext(thread + MDCContext()) {
                        val seen = mutableListOf<String?>()
                        Traces.startSpan("plain").use { plain ->
                            seen += MDC.get("span_id")
                            yield()
                            seen += MDC.get("span_id")
                            seen.shouldContainExactly(plain.spanId, outer.spanId)
                        }
                        withSpan("suspending") { span ->
                            yield()
                            MDC.get("span_id") shouldBe span.spanId
                        }
                    }
                }
            } finally {
                TraceMdc.uninstall()
                MDC.clear()
                thread.close()
            }
        }
    })

/** Runs [main] as `suspend fun main` is run: on a thread of its own, without a dispatcher or a job. */
private suspend fun asMain(main: suspend () -> Unit) {
    val done = CompletableDeferred<Unit>()
    onForeignThread { main.startCoroutine(Continuation(EmptyCoroutineContext) { done.completeWith(it) }) }.await()
    done.await()
}

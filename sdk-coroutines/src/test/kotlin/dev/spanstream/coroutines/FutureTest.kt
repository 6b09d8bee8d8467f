package dev.spanstream.coroutines

import dev.spanstream.SpanStatus
import dev.spanstream.Traces
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.future.asDeferred
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future
import java.util.concurrent.CompletableFuture

/** `future {}` and `CompletableFuture.await`: between coroutines and the futures of Java. */
@OptIn(DelicateCoroutinesApi::class)
internal class FutureTest :
    DispatcherSpec({
        everywhere("a future of a coroutine's scope inherits, like anything that is launched") {
            withSpan("outer") { outer ->
                val work = future { withSpan("work") { hop() } }
                withSpan("awaiting") { awaiting ->
                    work.await()
                    Traces.currentSpan() shouldBe awaiting
                }
                Traces.currentSpan() shouldBe outer
            }

            traces.parentOf("work") shouldBe "outer"
        }

        everywhere("a future of GlobalScope inherits nothing, unless it is handed the trace context") {
            withSpan("outer") {
                GlobalScope.future { withSpan("lost") { hop() } }.await()
                GlobalScope.future(traceContext()) { withSpan("carried") { hop() } }.await()
            }

            traces.parentOf("lost") shouldBe null
            traces.parentOf("carried") shouldBe "outer"
        }

        everywhere("a coroutine that awaits a future of a foreign thread keeps its span, and that thread its own") {
            val gate = CompletableFuture<Unit>()
            val foreign =
                onForeignThread {
                    gate.get()
                    Traces.startSpan("foreign").use { "answer" }
                }
            withSpan("outer") { outer ->
                gate.complete(Unit)
                foreign.await() shouldBe "answer"
                Traces.currentSpan() shouldBe outer
                withSpan("after") { hop() }
            }

            traces.parentOf("foreign") shouldBe null
            traces.parentOf("after") shouldBe "outer"
        }

        // A callback is plain code on the stack of whoever completes the future.
        everywhere("a callback of a future sees the coroutine's span if it is wrapped, else that of who completes it") {
            withSpan("outer") {
                val bare = CompletableFuture<Unit>()
                val wrapped = CompletableFuture<Unit>()
                val after = Traces.wrap(Runnable { Traces.startSpan("wrapped").end() })
                bare.thenRun { Traces.startSpan("bare").end() }
                wrapped.thenRun(after)
                onForeignThread {
                    Traces.startSpan("foreign").use {
                        bare.complete(Unit)
                        wrapped.complete(Unit)
                    }
                }.await()
            }

            traces.parentOf("bare") shouldBe "foreign"
            traces.parentOf("wrapped") shouldBe "outer"
        }

        everywhere("a supplier that runs in a pool of Java sees the coroutine's span if it is wrapped") {
            withSpan("outer") {
                CompletableFuture.supplyAsync { Traces.startSpan("bare").end() }.await()
                CompletableFuture.supplyAsync(Traces.wrapSupplier { Traces.startSpan("wrapped").end() }).await()
            }

            traces.parentOf("bare") shouldBe null
            traces.parentOf("wrapped") shouldBe "outer"
        }

        everywhere("a future that fails makes an error of the span that awaits it, and a cancelled one does not") {
            withSpan("outer") { outer ->
                shouldThrow<IllegalStateException> {
                    withSpan("failing") {
                        CompletableFuture.supplyAsync<Unit> { error("no") }.asDeferred().await()
                    }
                }
                val cancelled = CompletableFuture<Unit>()
                onForeignThread { cancelled.cancel(true) }
                runCatching { withSpan("cancelled") { cancelled.await() } }.isFailure shouldBe true
                Traces.currentSpan() shouldBe outer
            }

            traces.span("failing").status shouldBe SpanStatus.ERROR
            traces.span("cancelled").status shouldBe SpanStatus.OK
        }

        everywhere("a deferred that Java waits for has the parent of the coroutine that made it") {
            withSpan("outer") {
                val deferred = async { withSpan("work") { hop() } }
                val waited = onForeignThread { deferred.asCompletableFuture().get() }
                waited.await()
            }

            traces.parentOf("work") shouldBe "outer"
        }
    })

package dev.spanstream.coroutines

import dev.spanstream.SpanStatus
import dev.spanstream.Traces
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.future.await
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration.Companion.milliseconds

/** However a coroutine ends, its spans end with it, with the right status, and leave nothing behind. */
internal class EndingTest :
    DispatcherSpec({
        everywhere("a cancellation ends all spans of the coroutine, as ok, and they are sent") {
            withSpan("outer") { outer ->
                val started = CompletableDeferred<Unit>()
                val job =
                    launch {
                        withSpan("cancelled") {
                            Traces.startSpan("java").use {
                                withSpan("inner") {
                                    started.complete(Unit)
                                    awaitCancellation()
                                }
                            }
                        }
                    }
                started.await()
                job.cancelAndJoin()
                Traces.currentSpan() shouldBe outer
            }

            listOf("inner", "java", "cancelled", "outer").map { traces.span(it).status }.distinct() shouldBe
                listOf(SpanStatus.OK)
            traces.parentOf("inner") shouldBe "java"
        }

        everywhere("a cancelled scope loses no span, and starts none for what never ran") {
            val scope = CoroutineScope(currentDispatcher() + Job())
            val started = List(COROUTINES) { CompletableDeferred<Unit>() }
            started.forEachIndexed { number, gate ->
                scope.launch {
                    withSpan("job $number") {
                        withSpan("step $number") {
                            gate.complete(Unit)
                            awaitCancellation()
                        }
                    }
                }
            }
            scope.launch(start = CoroutineStart.LAZY) { withSpan("never") { } }
            started.forEach { it.await() }
            scope.cancel()
            scope.coroutineContext.job.join()

            repeat(COROUTINES) { number -> traces.parentOf("step $number") shouldBe "job $number" }
            traces.sink
                .spans()
                .filter { it.status != SpanStatus.OK }
                .shouldBeEmpty()
            traces.sink.named("never").shouldBeEmpty()
            traces.tracer.stats().open() shouldBe 0
        }

        everywhere("a timeout makes errors of the spans that it leaves, those of launched children included") {
            shouldThrow<TimeoutCancellationException> {
                withSpan("outer") {
                    withTimeout(1.milliseconds) {
                        launch(start = CoroutineStart.UNDISPATCHED) { withSpan("launched") { awaitCancellation() } }
                        withSpan("inner") { awaitCancellation() }
                    }
                }
            }

            listOf("inner", "launched", "outer").forEach { traces.span(it).status shouldBe SpanStatus.ERROR }
            traces.span("inner").sentAttributes["error.type"] shouldBe
                "kotlinx.coroutines.TimeoutCancellationException"
        }

        everywhere("a timeout that is taken for an answer is an error of the spans inside and of none around") {
            withSpan("outer") { outer ->
                withTimeoutOrNull(1.milliseconds) { withSpan("inner") { awaitCancellation() } } shouldBe null
                Traces.currentSpan() shouldBe outer
                withSpan("after") { hop() }
            }

            traces.span("inner").status shouldBe SpanStatus.ERROR
            traces.span("outer").status shouldBe SpanStatus.OK
            traces.parentOf("after") shouldBe "outer"
        }

        everywhere("what a cancelled coroutine does in finally is still under its span") {
            withSpan("outer") {
                val started = CompletableDeferred<Unit>()
                val job =
                    launch {
                        withSpan("cancelled") { cancelled ->
                            try {
                                started.complete(Unit)
                                awaitCancellation()
                            } finally {
                                Traces.currentSpan() shouldBe cancelled
                                withContext(NonCancellable) {
                                    withSpan("cleanup") { hop() }
                                    Traces.currentSpan() shouldBe cancelled
                                }
                            }
                        }
                    }
                started.await()
                job.cancelAndJoin()
            }

            traces.parentOf("cleanup") shouldBe "cancelled"
            traces.span("cleanup").status shouldBe SpanStatus.OK
            traces.span("cancelled").status shouldBe SpanStatus.OK
        }

        // A handler is plain code on the stack of whoever completes the job; a coroutine that does so is done.
        everywhere("a completion handler sees the span of who cancels the job, and none if the job ends by itself") {
            withSpan("outer") {
                val gate = CompletableDeferred<Unit>()
                val handled = CompletableDeferred<String?>()
                val finishing =
                    launch {
                        gate.await()
                        withSpan("work") { hop() }
                    }
                finishing.invokeOnCompletion { handled.complete(Traces.currentSpan()?.name) }
                val wrapped = Traces.wrap(Runnable { Traces.startSpan("wrapped").end() })
                finishing.invokeOnCompletion { wrapped.run() }
                gate.complete(Unit)
                handled.await() shouldBe null
                finishing.join()

                val lazy = launch(start = CoroutineStart.LAZY) { }
                lazy.invokeOnCompletion { Traces.startSpan("after the cancellation").end() }
                withSpan("canceller") { lazy.cancel() }
            }

            traces.parentOf("wrapped") shouldBe "outer"
            traces.parentOf("after the cancellation") shouldBe "canceller"
        }

        everywhere("a cancellation handler that a foreign thread sets off sees no span of the coroutine") {
            val seen = CompletableDeferred<String?>()
            withSpan("outer") {
                val started = CompletableDeferred<Unit>()
                val job =
                    launch {
                        withSpan("cancelled") {
                            suspendCancellableCoroutine<Unit> { waiting ->
                                waiting.invokeOnCancellation { seen.complete(Traces.currentSpan()?.name) }
                                started.complete(Unit)
                            }
                        }
                    }
                started.await()
                onForeignThread { job.cancel() }.await()
                job.join()
            }

            seen.await() shouldBe null
        }

        everywhere("a coroutine that catches its cancellation and goes on has the span that it had") {
            withSpan("outer") {
                val job =
                    launch(start = CoroutineStart.UNDISPATCHED) {
                        withSpan("stubborn") { stubborn ->
                            try {
                                awaitCancellation()
                            } catch (_: CancellationException) {
                                Traces.currentSpan() shouldBe stubborn
                                withSpan("after") { }
                            }
                            ensureActive()
                        }
                    }
                job.cancelAndJoin()
            }

            traces.parentOf("after") shouldBe "stubborn"
            traces.span("stubborn").status shouldBe SpanStatus.OK
        }
    })

private const val COROUTINES = 20

package dev.spanstream.coroutines

import dev.spanstream.SpanStatus
import dev.spanstream.Traces
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import kotlin.time.Duration.Companion.milliseconds

class WithSpanTest :
    FunSpec({
        lateinit var traces: TestTracer
        val dispatchers = TestDispatchers()

        beforeTest { traces = TestTracer() }
        afterTest { traces.close() }
        afterSpec { dispatchers.close() }

        /** Suspends, and goes on on another thread wherever the dispatcher allows. */
        suspend fun hop() {
            withContext(Dispatchers.IO) { yield() }
            yield()
        }

        for ((name, dispatcher) in dispatchers.byName) {
            test("a span stays active across a suspension on $name") {
                withContext(dispatcher) {
                    withSpan("outer") { outer ->
                        hop()
                        Traces.currentSpan() shouldBe outer
                        withSpan("inner") { hop() }
                        Traces.currentSpan() shouldBe outer
                    }
                    Traces.currentSpan() shouldBe null
                }

                traces.parentOf("inner") shouldBe "outer"
                traces.parentOf("outer") shouldBe null
            }

            test("a span of plain Java code stays active after the hop on $name") {
                withContext(dispatcher) {
                    withSpan("outer") {
                        Traces.startSpan("java").use { java ->
                            hop()
                            Traces.currentSpan() shouldBe java
                            Traces.startSpan("child").use { hop() }
                        }
                    }
                }

                traces.parentOf("child") shouldBe "java"
                traces.parentOf("java") shouldBe "outer"
            }

            test("siblings do not see each other's spans on $name") {
                withContext(dispatcher) {
                    withSpan("parent") {
                        List(CHILDREN) { number ->
                            launch {
                                withSpan("child $number") {
                                    hop()
                                    withSpan("grandchild $number") { hop() }
                                }
                            }
                        }.joinAll()
                    }
                }

                repeat(CHILDREN) { number ->
                    traces.parentOf("child $number") shouldBe "parent"
                    traces.parentOf("grandchild $number") shouldBe "child $number"
                }
            }
        }

        // T0 runs the coroutine, and hands the block of withContext to T1, which puts the same trace
        // context on itself. T1 completes the block before T0 has suspended: T0 goes on at once,
        // without an update, while T1 may still be about to restore. Both point to the context then.
        test("a span stays active when another thread is done before the first one has suspended") {
            withContext(Dispatchers.Default) {
                withSpan("outer") { outer ->
                    repeat(HOPS) {
                        withContext(Dispatchers.IO) { }
                        Traces.currentSpan() shouldBe outer
                    }
                }
            }
        }

        test("a span ends after the coroutines that its block launched") {
            val release = CompletableDeferred<Unit>()
            withSpan("outer") {
                launch {
                    release.await()
                    withSpan("late") { }
                }
                release.complete(Unit)
            }

            traces.sink.spans().map { it.name } shouldBe listOf("late", "outer")
        }

        test("a child that outlives its parent keeps it as its parent") {
            val release = CompletableDeferred<Unit>()
            val elsewhere = CoroutineScope(Job())
            val late =
                withSpan("parent") {
                    elsewhere.launch(traceContext()) {
                        release.await()
                        withSpan("late") { }
                    }
                }
            release.complete(Unit)
            late.join()

            traces.parentOf("late") shouldBe "parent"
        }

        test("one trace context given to two coroutines is forked for each") {
            withSpan("parent") {
                val context = traceContext()
                val elsewhere = CoroutineScope(Dispatchers.Default)
                List(2) { number ->
                    elsewhere.launch(context) { withSpan("$number") { hop() } }
                }.joinAll()
            }

            traces.parentOf("0") shouldBe "parent"
            traces.parentOf("1") shouldBe "parent"
        }

        test("an exception makes an error of the span that it leaves and is thrown on") {
            shouldThrow<IllegalStateException> { withSpan("failing") { error("no") } }

            traces.span("failing").status shouldBe SpanStatus.ERROR
            traces.span("failing").sentAttributes["error.type"] shouldBe "java.lang.IllegalStateException"
            traces.span("failing").sentAttributes["exception.message"] shouldBe null
        }

        test("a cancellation ends the span as ok") {
            coroutineScope {
                val started = CompletableDeferred<Unit>()
                val job =
                    launch {
                        withSpan("cancelled") {
                            started.complete(Unit)
                            awaitCancellation()
                        }
                    }
                started.await()
                job.cancelAndJoin()
            }

            traces.span("cancelled").status shouldBe SpanStatus.OK
        }

        test("a timeout ends the span as error") {
            shouldThrow<TimeoutCancellationException> {
                withSpan("outer") { withTimeout(1.milliseconds) { withSpan("inner") { awaitCancellation() } } }
            }

            traces.span("inner").status shouldBe SpanStatus.ERROR
            traces.span("outer").status shouldBe SpanStatus.ERROR
        }

        test("a sibling's exception, thrown in place of the cancellation, is no error here") {
            val failure = IllegalStateException("the sibling's")
            shouldThrow<IllegalStateException> {
                withSpan("parent") {
                    val started = CompletableDeferred<Unit>()
                    async {
                        withSpan("bystander") {
                            try {
                                started.complete(Unit)
                                awaitCancellation()
                            } catch (_: kotlinx.coroutines.CancellationException) {
                                throw failure
                            }
                        }
                    }
                    async {
                        started.await()
                        withSpan("culprit") { throw failure }
                    }
                }
            }

            traces.span("bystander").status shouldBe SpanStatus.OK
            traces.span("culprit").status shouldBe SpanStatus.ERROR
            traces.span("parent").status shouldBe SpanStatus.ERROR
        }

        test("a span that is not active is nobody's parent") {
            withSpan("outer") { withSpan("aside", active = false) { withSpan("inner") { } } }

            traces.parentOf("inner") shouldBe "outer"
            traces.parentOf("aside") shouldBe "outer"
        }

        test("no parent means a service span of the same trace, a given parent means that one") {
            withSpan("first") { first ->
                withSpan("second", parent = SpanParent.None) {
                    withSpan("third", parent = SpanParent.Of(first)) { }
                }
            }

            traces.parentOf("second") shouldBe null
            traces.span("second").isServiceSpan shouldBe true
            traces.span("second").traceId shouldBe traces.span("first").traceId
            traces.parentOf("third") shouldBe "first"
        }

        test("a continued trace inherits nothing and leaves nothing behind") {
            withSpan("around") {
                withContinuedTrace(mapOf("Sentry-Trace" to "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1")) {
                    Traces.setAttribute("inside", true)
                    withSpan("request") { }
                }
                withSpan("after") { }
            }

            val request = traces.span("request")
            request.traceId shouldBe "4bf92f3577b34da6a3ce929d0e0e4736"
            request.parentSpanId shouldBe "00f067aa0ba902b7"
            request.isServiceSpan shouldBe true
            traces.parentOf("after") shouldBe "around"
            traces.span("after").sentAttributes["inside"] shouldBe null
        }

        test("a new trace is a new trace") {
            withSpan("around") { withNewTrace { withSpan("job") { } } }

            (traces.span("job").traceId == traces.span("around").traceId) shouldBe false
            traces.parentOf("job") shouldBe null
        }
    })

private const val CHILDREN = 100
private const val HOPS = 20_000

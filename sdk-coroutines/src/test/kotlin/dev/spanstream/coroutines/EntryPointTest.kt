package dev.spanstream.coroutines

import dev.spanstream.Traces
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlin.coroutines.CoroutineContext

/** `withNewTrace` and `withContinuedTrace`: what is inside knows nothing of what is around, and the reverse. */
internal class EntryPointTest :
    DispatcherSpec({
        everywhere("a continued trace inherits nothing and leaves nothing behind") {
            withSpan("around") {
                withContinuedTrace(mapOf("Sentry-Trace" to "${traceId(1)}-$SPAN_ID-1")) {
                    Traces.setAttribute("inside", true)
                    withSpan("request") { }
                }
                withSpan("after") { }
            }

            val request = traces.span("request")
            request.traceId shouldBe traceId(1)
            request.parentSpanId shouldBe SPAN_ID
            request.isServiceSpan shouldBe true
            traces.parentOf("after") shouldBe "around"
            traces.span("after").sentAttributes["inside"] shouldBe null
        }

        everywhere("entry points nested in one another each have their own trace, and give back the one around") {
            withSpan("around") { around ->
                withContinuedTrace(incoming(1)) {
                    withSpan("first request") { first ->
                        withNewTrace {
                            Traces.currentSpan() shouldBe null
                            withSpan("job") {
                                hop()
                                withContinuedTrace(incoming(2)) { withSpan("second request") { hop() } }
                                withSpan("step") { hop() }
                            }
                        }
                        Traces.currentSpan() shouldBe first
                        withSpan("part") { hop() }
                    }
                    Traces.currentSpan() shouldBe null
                    withSpan("next request") { hop() }
                }
                Traces.currentSpan() shouldBe around
                withSpan("after") { hop() }
            }

            traces.tracesOf("first request", "part", "next request") shouldBe setOf(traceId(1))
            traces.tracesOf("second request") shouldBe setOf(traceId(2))
            traces.tracesOf("job", "step") shouldHaveSize 1
            traces.tracesOf("around", "after") shouldHaveSize 1
            traces.tracesOf("around", "job", "first request", "second request") shouldHaveSize 4
            traces.parentOf("part") shouldBe "first request"
            traces.parentOf("step") shouldBe "job"
            traces.parentOf("after") shouldBe "around"
            traces.span("next request").parentSpanId shouldBe SPAN_ID
        }

        everywhere("an entry point in a launched child changes nothing for its siblings or its parent") {
            withSpan("parent") { parent ->
                repeat(CHILDREN) { number ->
                    launch {
                        withSpan("child $number") { child ->
                            withContinuedTrace(incoming(number)) {
                                Traces.setAttribute("number", number)
                                withSpan("request $number") {
                                    hop()
                                    launch { withSpan("launched $number") { hop() } }
                                }
                            }
                            Traces.currentSpan() shouldBe child
                            withSpan("after $number") { hop() }
                        }
                    }
                }
                Traces.currentSpan() shouldBe parent
            }

            repeat(CHILDREN) { number ->
                traces.tracesOf("request $number", "launched $number") shouldBe setOf(traceId(number))
                traces.parentOf("launched $number") shouldBe "request $number"
                traces.parentOf("after $number") shouldBe "child $number"
                traces.span("launched $number").sentAttributes["number"] shouldBe number.toLong()
                traces.span("after $number").sentAttributes["number"] shouldBe null
            }
        }

        everywhere("an exception that leaves entry points leaves nothing of them behind") {
            withSpan("around") { around ->
                shouldThrow<IllegalStateException> {
                    withNewTrace {
                        Traces.setAttribute("inside", true)
                        withContinuedTrace(incoming(1)) {
                            withSpan("failing") {
                                hop()
                                error("no")
                            }
                        }
                    }
                }.message shouldBe "no"
                Traces.currentSpan() shouldBe around
                withSpan("after") { hop() }
            }

            traces.tracesOf("failing") shouldBe setOf(traceId(1))
            traces.parentOf("after") shouldBe "around"
            traces.span("after").sentAttributes["inside"] shouldBe null
        }

        everywhere("a cancellation that leaves an entry point leaves nothing of it behind") {
            withSpan("around") { around ->
                val started = CompletableDeferred<Unit>()
                val job =
                    launch {
                        withSpan("child") { child ->
                            try {
                                withNewTrace {
                                    withSpan("cancelled") {
                                        started.complete(Unit)
                                        awaitCancellation()
                                    }
                                }
                            } finally {
                                Traces.currentSpan() shouldBe child
                                Traces.startSpan("cleanup").end()
                            }
                        }
                    }
                started.await()
                job.cancelAndJoin()
                Traces.currentSpan() shouldBe around
            }

            traces.parentOf("cleanup") shouldBe "child"
            traces.parentOf("cancelled") shouldBe null
        }

        everywhere("an entry point waits for what it launched, and what outlives it stays in its trace") {
            val gate = CompletableDeferred<Unit>()
            lateinit var detached: Job
            withSpan("around") {
                withNewTrace {
                    val job: CoroutineContext = Job()
                    withSpan("request") {
                        launch { withSpan("launched") { hop() } }
                        detached =
                            launch(job) {
                                gate.await()
                                withSpan("late") { hop() }
                            }
                    }
                }
            }
            gate.complete(Unit)
            detached.join()

            traces.tracesOf("request", "launched", "late") shouldHaveSize 1
            traces.parentOf("late") shouldBe "request"
        }

        everywhere("headers that name no trace begin a new one, not that of what is around") {
            withSpan("around") {
                withContinuedTrace(mapOf("sentry-trace" to "not a trace")) { withSpan("first") { hop() } }
                withContinuedTrace(emptyMap()) { withSpan("second") { hop() } }
            }

            traces.tracesOf("around", "first", "second") shouldHaveSize 3
            traces.parentOf("first") shouldBe null
        }

        everywhere("a span of plain Java code around an entry point is active again when it is over") {
            withSpan("outer") {
                Traces.startSpan("java").use { java ->
                    withNewTrace { withSpan("job") { hop() } }
                    Traces.currentSpan() shouldBe java
                    Traces.startSpan("java child").use { hop() }
                }
            }

            traces.parentOf("java child") shouldBe "java"
            traces.span("job").traceId shouldNotBe traces.span("java").traceId
        }
    })

private const val CHILDREN = 20
private const val SPAN_ID = "00f067aa0ba902b7"

private fun traceId(number: Int) = "4bf92f3577b34da6a3ce929d0e0e%04x".format(number)

private fun incoming(number: Int) = mapOf("sentry-trace" to "${traceId(number)}-$SPAN_ID-1")

private fun TestTracer.tracesOf(vararg names: String) = names.map { span(it).traceId }.toSet()

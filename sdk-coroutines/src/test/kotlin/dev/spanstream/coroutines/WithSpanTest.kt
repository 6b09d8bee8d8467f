package dev.spanstream.coroutines

import dev.spanstream.SpanStatus
import dev.spanstream.Traces
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

internal class WithSpanTest :
    DispatcherSpec({
        everywhere("a span stays active across a suspension") {
            withSpan("outer") { outer ->
                hop()
                Traces.currentSpan() shouldBe outer
                withSpan("inner") { hop() }
                Traces.currentSpan() shouldBe outer
            }
            Traces.currentSpan() shouldBe null

            traces.parentOf("inner") shouldBe "outer"
            traces.parentOf("outer") shouldBe null
        }

        everywhere("siblings do not see each other's spans") {
            withSpan("parent") {
                repeat(CHILDREN) { number ->
                    launch {
                        withSpan("child $number") {
                            hop()
                            withSpan("grandchild $number") { hop() }
                        }
                    }
                }
            }

            repeat(CHILDREN) { number ->
                traces.parentOf("child $number") shouldBe "parent"
                traces.parentOf("grandchild $number") shouldBe "child $number"
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

        everywhere("a span ends after the coroutines that its block launched") {
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

        everywhere("an exception makes an error of the span that it leaves and is thrown on") {
            shouldThrow<IllegalStateException> { withSpan("failing") { error("no") } }

            traces.span("failing").status shouldBe SpanStatus.ERROR
            traces.span("failing").sentAttributes["error.type"] shouldBe "java.lang.IllegalStateException"
            traces.span("failing").sentAttributes["exception.message"] shouldBe null
        }

        everywhere("a sibling's exception, thrown in place of the cancellation, is no error here") {
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

        everywhere("a span that is not active is nobody's parent") {
            withSpan("outer") { withSpan("aside", active = false) { withSpan("inner") { } } }

            traces.parentOf("inner") shouldBe "outer"
            traces.parentOf("aside") shouldBe "outer"
        }

        everywhere("no parent means a service span of the same trace, a given parent means that one") {
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
    })

private const val CHILDREN = 100
private const val HOPS = 20_000

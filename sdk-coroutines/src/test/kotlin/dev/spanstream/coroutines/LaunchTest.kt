package dev.spanstream.coroutines

import dev.spanstream.SpanStatus
import dev.spanstream.Traces
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.supervisorScope
import kotlin.coroutines.CoroutineContext

/** What a new coroutine inherits: the span that was active in its scope's coroutine when it was created. */
@OptIn(DelicateCoroutinesApi::class, ExperimentalCoroutinesApi::class)
internal class LaunchTest :
    DispatcherSpec({
        everywhere("a child inherits what is active when it is created, though the scope is an outer one") {
            withSpan("outer") {
                val outerScope = this
                withSpan("inner") { outerScope.launch { withSpan("child") { hop() } } }
                Traces.startSpan("java").use { launch { withSpan("child of java") { hop() } } }
            }

            traces.parentOf("child") shouldBe "inner"
            traces.parentOf("child of java") shouldBe "java"
        }

        // The scope is all that launch sees: it cannot know who calls it.
        everywhere("a coroutine launched in the scope of another coroutine inherits from that one") {
            withSpan("owner") {
                val owner = this
                launch {
                    withSpan("caller") {
                        owner.launch { withSpan("by scope") { hop() } }
                        owner.launch(traceContext()) { withSpan("by hand") { hop() } }
                    }
                }
            }

            traces.parentOf("by scope") shouldBe "owner"
            traces.parentOf("by hand") shouldBe "caller"
        }

        everywhere("a lazy coroutine inherits what was active when it was created, not when it was started") {
            withSpan("outer") {
                val outerScope = this
                val lazy =
                    withSpan("creator") {
                        outerScope.launch(start = CoroutineStart.LAZY) { withSpan("work") { hop() } }
                    }
                withSpan("starter") { lazy.join() }
            }

            traces.parentOf("work") shouldBe "creator"
        }

        everywhere("an undispatched child, which begins on the caller's stack, does not touch the caller's span") {
            withSpan("outer") { outer ->
                val gate = CompletableDeferred<Unit>()
                launch(start = CoroutineStart.UNDISPATCHED) {
                    Traces.startSpan("child").use { child ->
                        Traces.currentSpan() shouldBe child
                        gate.await()
                        Traces.currentSpan() shouldBe child
                        withSpan("grandchild") { hop() }
                    }
                }
                Traces.currentSpan() shouldBe outer
                withSpan("sibling") { hop() }
                gate.complete(Unit)
            }

            traces.parentOf("child") shouldBe "outer"
            traces.parentOf("grandchild") shouldBe "child"
            traces.parentOf("sibling") shouldBe "outer"
        }

        everywhere("an atomic coroutine, which begins although it is cancelled, has its parent and is sent") {
            withSpan("outer") {
                val cancelled: CoroutineContext = Job().apply { cancel() }
                launch(cancelled, CoroutineStart.ATOMIC) { withSpan("atomic") { hop() } }.join()
            }

            traces.parentOf("atomic") shouldBe "outer"
            traces.span("atomic").status shouldBe SpanStatus.OK
        }

        everywhere("what is awaited elsewhere stays a child of where it was created") {
            withSpan("outer") {
                val outerScope = this
                val deferred = withSpan("creator") { outerScope.async { withSpan("work") { hop() } } }
                withSpan("awaiting") { awaiting ->
                    deferred.await()
                    Traces.currentSpan() shouldBe awaiting
                }
            }

            traces.parentOf("work") shouldBe "creator"
        }

        everywhere("a coroutine with a Job of its own inherits, outlives its parent and keeps it") {
            val gate = CompletableDeferred<Unit>()
            val job: CoroutineContext = Job()
            val late =
                withSpan("parent") {
                    launch(job) {
                        gate.await()
                        withSpan("late") { hop() }
                        Traces.startSpan("late java").use { hop() }
                    }
                }
            gate.complete(Unit)
            late.join()

            traces.parentOf("late") shouldBe "parent"
            traces.parentOf("late java") shouldBe "parent"
        }

        everywhere("GlobalScope inherits nothing, unless it is handed the trace context") {
            withSpan("outer") {
                GlobalScope.launch { withSpan("lonely") { hop() } }.join()
                GlobalScope.launch(traceContext()) { withSpan("carried") { hop() } }.join()
            }

            traces.parentOf("lonely") shouldBe null
            traces.parentOf("carried") shouldBe "outer"
        }

        // It has no context of its own, and the first thread that it runs on points to the caller's.
        everywhere("what GlobalScope starts on the caller's stack begins with the caller's span all the same") {
            withSpan("outer") { outer ->
                val gate = CompletableDeferred<Unit>()
                val undispatched =
                    GlobalScope.launch(start = CoroutineStart.UNDISPATCHED) {
                        withSpan("undispatched") {
                            gate.await()
                            withSpan("after the hop") { hop() }
                        }
                    }
                Traces.currentSpan() shouldBe outer
                gate.complete(Unit)
                undispatched.join()
            }

            traces.parentOf("undispatched") shouldBe "outer"
            traces.parentOf("after the hop") shouldBe "undispatched"
        }

        everywhere("a scope that was made with a trace context hands it to every coroutine, whenever launched") {
            val dispatcher = currentDispatcher()
            val scope = withSpan("start-up") { CoroutineScope(traceContext() + dispatcher) }
            withSpan("request") {
                List(3) { scope.launch { withSpan("job $it") { hop() } } }.joinAll()
            }

            repeat(3) { traces.parentOf("job $it") shouldBe "start-up" }
        }

        everywhere("coroutineScope keeps the span, and so does its failure") {
            withSpan("outer") { outer ->
                shouldThrow<IllegalStateException> {
                    coroutineScope {
                        Traces.currentSpan() shouldBe outer
                        launch { withSpan("failing") { error("no") } }
                        withSpan("cancelled") { CompletableDeferred<Unit>().await() }
                    }
                }
                Traces.currentSpan() shouldBe outer
                withSpan("after") { hop() }
            }

            traces.parentOf("failing") shouldBe "outer"
            traces.parentOf("cancelled") shouldBe "outer"
            traces.parentOf("after") shouldBe "outer"
            traces.span("failing").status shouldBe SpanStatus.ERROR
            traces.span("cancelled").status shouldBe SpanStatus.OK
        }

        everywhere("supervisorScope keeps the span, and a failing child is an error of its own span only") {
            withSpan("outer") { outer ->
                supervisorScope {
                    Traces.currentSpan() shouldBe outer
                    async { withSpan("failing") { error("no") } }.join()
                    launch { withSpan("sibling") { hop() } }
                }
                Traces.currentSpan() shouldBe outer
            }

            traces.parentOf("failing") shouldBe "outer"
            traces.parentOf("sibling") shouldBe "outer"
            traces.span("failing").status shouldBe SpanStatus.ERROR
            traces.span("sibling").status shouldBe SpanStatus.OK
            traces.span("outer").status shouldBe SpanStatus.OK
        }
    })

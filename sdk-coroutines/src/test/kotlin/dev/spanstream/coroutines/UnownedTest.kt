package dev.spanstream.coroutines

import dev.spanstream.Span
import dev.spanstream.Traces
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.completeWith
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import kotlin.coroutines.Continuation
import kotlin.coroutines.resume
import kotlin.coroutines.startCoroutine

/**
 * Coroutines that have no trace context: nothing is put on a thread for them, so they see what is there.
 * It must not be what others have left.
 */
@OptIn(ExperimentalCoroutinesApi::class)
internal class UnownedTest :
    DispatcherSpec({
        // Unconfined, the last child resumes the parent on its own stack, with its own context on the thread.
        everywhere("spans in a row are siblings, though children of the first were the last to complete") {
            withSpan("first") {
                launch { hop() }
                launch { withSpan("child") { hop() } }
            }
            Traces.currentSpan() shouldBe null
            withSpan("second") { hop() }

            traces.parentOf("child") shouldBe "first"
            traces.parentOf("second") shouldBe null
        }

        everywhere("what was awaited from a launched coroutine does not bring that one's span along") {
            val result = CompletableDeferred<Unit>()
            withSpan("elsewhere") {
                launch { withSpan("completer") { hop() } }.invokeOnCompletion { result.complete(Unit) }
            }
            result.await()
            Traces.currentSpan() shouldBe null
            withSpan("waiting") { hop() }

            traces.parentOf("waiting") shouldBe null
        }

        // As in any callback. A trace context of its own (withNewTrace, traceContext()) protects from it.
        test("unconfined, it goes on under the span of who resumes it, unless it has a trace context") {
            val waiting = CoroutineScope(Dispatchers.Unconfined)
            val gate = CompletableDeferred<Unit>()

            suspend fun seen(): String? {
                gate.await()
                return Traces.currentSpan()?.name
            }
            val seen = mutableListOf<String?>()
            waiting.launch { seen += seen() }
            waiting.launch(traceContext()) { seen += seen() }
            waiting.launch { withNewTrace { seen += seen() } }
            onForeignThread { Traces.startSpan("completer").use { gate.complete(Unit) } }.await()

            seen shouldContainExactly listOf("completer", null, null)
        }

        everywhere("a coroutine without a Job, of which nobody can say whether it is done, keeps its span") {
            val result = CompletableDeferred<List<String?>>()
            val body =
                suspend {
                    Traces.startSpan("java").use {
                        coroutineScope { hop() }
                        val first = Traces.currentSpan()?.name
                        hop()
                        listOf(first, Traces.currentSpan()?.name)
                    }
                }
            withSpan("outer") {
                val context = traceContext() + currentDispatcher()
                body.startCoroutine(Continuation(context) { result.completeWith(it) })
                result.await() shouldContainExactly listOf("java", "java")
            }

            traces.parentOf("java") shouldBe "outer"
        }

        everywhere("withSpan has the parent that its coroutine says, though nothing puts that one on the thread") {
            // Strict mode goes by the thread, which is not in the coroutine's context here.
            val lenient = TestTracer { strictMode = null }
            val context = withSpan("made here") { traceContext() }
            val result = CompletableDeferred<Unit>()
            val body = suspend { withSpan("work") { withSpan("step") { } } }
            withSpan("elsewhere") { elsewhere ->
                // No dispatcher, so nobody calls the element.
                body.startCoroutine(Continuation(context) { result.completeWith(it) })
                result.await()
                Traces.currentSpan() shouldBe elsewhere
            }

            lenient.parentOf("work") shouldBe "made here"
            lenient.parentOf("step") shouldBe "work"
        }

        // In coroutines 1.11.0 (Kotlin/kotlinx.coroutines#4755) flowOn puts its context on thread A, suspends
        // without taking it back, goes on on thread B, and restores there what A had before. Thread A is right
        // again when the collecting coroutine is done, and thread B at once.
        test("flowOn a trace context, collected where there is none, leaves two threads in the context of one") {
            val threads = List(2) { Executors.newSingleThreadExecutor() }
            val (a, b) = threads

            fun <T> ExecutorService.ask(question: () -> T): T = submit(question).get()
            val trace = withSpan("outer") { traceContext() }
            lateinit var resume: () -> Unit
            val numbers =
                flow {
                    emit(Traces.currentSpan()?.name)
                    suspendCancellableCoroutine { waiting -> resume = { waiting.resume(Unit) } }
                    emit(Traces.currentSpan()?.name)
                }.flowOn(trace)
            lateinit var onB: Span
            val collecting =
                a.ask {
                    CoroutineScope(Dispatchers.Unconfined).async {
                        numbers.toList().also { onB = Traces.startSpan("on b") }
                    }
                }
            b.ask { resume() }
            collecting.await() shouldContainExactly listOf("outer", "outer")

            a.ask { Traces.currentSpan() } shouldBe null
            b.ask { Traces.currentSpan() } shouldBe onB
            b.ask { onB.end() }
            threads.forEach { it.shutdown() }
            traces.parentOf("on b") shouldBe null
        }
    })

package dev.spanstream.coroutines

import dev.spanstream.Span
import dev.spanstream.Traces
import dev.spanstream.slf4j.TraceMdc
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.receiveAsFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.slf4j.MDCContext
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.slf4j.MDC
import kotlin.time.Duration.Companion.milliseconds

class TraceMdcTest :
    FunSpec({
        val dispatchers = TestDispatchers()
        lateinit var traces: TestTracer

        beforeTest {
            MDC.clear()
            TraceMdc.install()
            traces = TestTracer()
        }
        afterTest {
            traces.close()
            TraceMdc.uninstall()
            MDC.clear()
        }
        afterSpec { dispatchers.close() }

        for ((name, dispatcher) in dispatchers.byName) {
            test("the MDC names the active span across suspension on $name") {
                withContext(dispatcher) { logAcrossSuspension() }
                dispatchers.onThreadsOf(name) { MDC.get("span_id") }.filterNotNull().shouldBeEmpty()
            }

            test("the MDC names the active span inside of an MDCContext on $name") {
                MDC.put("mine", "stays")
                withContext(dispatcher + MDCContext()) {
                    logAcrossSuspension()
                    MDC.get("mine") shouldBe "stays"
                }
            }

            test("an MDCContext in a span has the ids of that span, and of those within, on $name") {
                withContext(dispatcher) {
                    withSpan("outer") { outer ->
                        withContext(MDCContext()) {
                            delay(1.milliseconds)
                            mdcShouldName(outer)
                            logAcrossSuspension()
                            delay(1.milliseconds)
                            mdcShouldName(outer)
                        }
                    }
                }
            }

            test("an MDCContext outside of the trace context does not bring ids back on $name") {
                withContext(dispatcher) {
                    withSpan("first") { delay(1.milliseconds) }
                    withContext(MDCContext()) {
                        delay(1.milliseconds)
                        mdcShouldName(null)
                        withNewTrace { logAcrossSuspension() }
                        delay(1.milliseconds)
                        mdcShouldName(null)
                    }
                }
            }
        }

        test("a plain flow may start spans while it emits") {
            withNewTrace {
                flow { withSpan("load") { emit(1) } }.collect()
                withContext(MDCContext()) { flow { withSpan("load again") { emit(1) } }.collect() }
            }

            traces.parentOf("load").shouldBeNull()
            traces.parentOf("load again").shouldBeNull()
        }

        test("a coroutine that is cancelled already cleans up in a span") {
            withContext(MDCContext()) {
                val started = CompletableDeferred<Unit>()
                val job = launch {
                    withSpan("work") {
                        try {
                            started.complete(Unit)
                            awaitCancellation()
                        } finally {
                            withSpan("clean up") { span -> mdcShouldName(span) }
                        }
                    }
                }
                started.await()
                job.cancelAndJoin()
            }

            traces.parentOf("clean up") shouldBe "work"
        }

        test("a thread that only resumes a flow of another has none of its ids") {
            val channel = Channel<Int>()
            val flow = channel.receiveAsFlow().traced("flow")
            Traces.startSpan("around").use {
                val job = CoroutineScope(Dispatchers.Unconfined).launch { flow.first() }
                val ids = onForeignThread {
                    channel.trySend(1).isSuccess shouldBe true
                    listOf(MDC.get("trace_id"), MDC.get("span_id"))
                }
                ids.get() shouldBe listOf(null, null)
                job.join()
            }
        }

        test("coroutines that take turns on a thread have each its own ids") {
            withSpan("parent") {
                repeat(100) {
                    launch(Dispatchers.Default) {
                        withSpan("child") { own ->
                            repeat(10) {
                                mdcShouldName(own)
                                yield()
                            }
                        }
                    }
                }
            }
        }
    })

private suspend fun logAcrossSuspension() {
    withSpan("outer") { outer ->
        mdcShouldName(outer)
        delay(1.milliseconds)
        mdcShouldName(outer)
        withSpan("inner") { inner ->
            delay(1.milliseconds)
            mdcShouldName(inner)
        }
        mdcShouldName(outer)
        delay(1.milliseconds)
        mdcShouldName(outer)
        Traces.startSpan("java").use { java ->
            mdcShouldName(java)
            delay(1.milliseconds)
            mdcShouldName(java)
        }
        withContext(Dispatchers.IO) { mdcShouldName(outer) }
        mdcShouldName(outer)
    }
}

private fun mdcShouldName(span: Span?) {
    (MDC.get("trace_id") to MDC.get("span_id")) shouldBe (span?.traceId to span?.spanId)
}

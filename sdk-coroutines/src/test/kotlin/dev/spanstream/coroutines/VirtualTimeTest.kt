package dev.spanstream.coroutines

import dev.spanstream.Traces
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Instant
import java.time.InstantSource
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** With `options.clock` on the scheduler of `runTest`, spans last as long as the delays in them claim to. */
@OptIn(ExperimentalCoroutinesApi::class)
class VirtualTimeTest :
    FunSpec({
        test("spans start and end at the virtual time") {
            traced {
                delay(10.seconds)
                withSpan("outer") {
                    delay(1.hours)
                    withSpan("inner") { delay(250.milliseconds) }
                    Traces.startSpan("java").use { delay(1.minutes) }
                }

                lasted("outer") shouldBe 10.seconds..1.hours + 1.minutes + 10.seconds + 250.milliseconds
                lasted("inner") shouldBe 1.hours + 10.seconds..1.hours + 10.seconds + 250.milliseconds
                lasted("java").let { it.endInclusive - it.start } shouldBe 1.minutes
            }
        }

        test("children that run at the same time overlap in virtual time") {
            traced {
                withSpan("outer") {
                    launch { withSpan("slow") { delay(3.seconds) } }
                    launch { withSpan("fast") { delay(1.seconds) } }
                }

                lasted("fast") shouldBe Duration.ZERO..1.seconds
                lasted("slow") shouldBe Duration.ZERO..3.seconds
                lasted("outer") shouldBe Duration.ZERO..3.seconds
                traces.parentOf("slow") shouldBe "outer"
                traces.parentOf("fast") shouldBe "outer"
            }
        }

        test("a timeout ends its span at the virtual time of the timeout") {
            traced {
                withTimeoutOrNull(90.minutes) { withSpan("late") { awaitCancellation() } }

                lasted("late") shouldBe Duration.ZERO..90.minutes
            }
        }

        test("time that the test moves by hand is time of the spans") {
            traced {
                val job = launch { withSpan("waiting") { awaitCancellation() } }
                scope.runCurrent()
                scope.testScheduler.advanceTimeBy(5.minutes)
                job.cancel()
                job.join()

                lasted("waiting") shouldBe Duration.ZERO..5.minutes
            }
        }

        test("an unconfined test dispatcher changes nothing") {
            traced(UnconfinedTestDispatcher()) {
                withSpan("outer") { outer ->
                    launch { withSpan("child") { delay(2.seconds) } }
                    Traces.currentSpan() shouldBe outer
                    delay(1.seconds)
                    Traces.currentSpan() shouldBe outer
                }

                lasted("child") shouldBe Duration.ZERO..2.seconds
                lasted("outer") shouldBe Duration.ZERO..2.seconds
                traces.parentOf("child") shouldBe "outer"
            }
        }
    })

private class VirtualTime(val scope: TestScope) : CoroutineScope by scope {
    @OptIn(ExperimentalCoroutinesApi::class)
    val traces =
        TestTracer { clock = InstantSource { Instant.ofEpochMilli(START + scope.testScheduler.currentTime) } }

    /** From when to when, since the start of the test. */
    fun lasted(name: String): ClosedRange<Duration> = traces.span(name).let { at(it.startMicros)..at(it.endMicros) }

    private fun at(micros: Long) = (micros / 1_000 - START).milliseconds

    private companion object {
        val START = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli()
    }
}

private fun traced(context: CoroutineContext = EmptyCoroutineContext, test: suspend VirtualTime.() -> Unit) {
    lateinit var traces: TestTracer
    runTest(context) { VirtualTime(this).also { traces = it.traces }.test() }
    traces.close()
}

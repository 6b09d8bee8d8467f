package dev.spanstream.samples.snippets.testing

import dev.spanstream.Tracer
import dev.spanstream.coroutines.withSpan
import dev.spanstream.sink.InMemorySpanSink
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import java.time.Duration
import java.time.Instant
import java.time.InstantSource
import kotlin.time.Duration.Companion.minutes

@OptIn(ExperimentalCoroutinesApi::class)
class VirtualTimeTest :
    FunSpec({
        // region virtual-time
        test("a retry after a minute shows in the span") {
            runTest {
                val sink = InMemorySpanSink()
                val tracer = Tracer.create {
                    it.sink = sink
                    it.tracesSampleRate = 1.0
                    it.clock = InstantSource { Instant.ofEpochMilli(currentTime) }
                }

                tracer.withSpan("charge card") { delay(1.minutes) }

                val span = sink.only("charge card")
                Duration.between(span.startTimestamp, span.endTimestamp) shouldBe Duration.ofMinutes(1)
            }
        }
        // endregion
    })

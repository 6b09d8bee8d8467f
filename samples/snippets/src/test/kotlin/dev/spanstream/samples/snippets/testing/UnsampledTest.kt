package dev.spanstream.samples.snippets.testing

import dev.spanstream.Traces
import dev.spanstream.coroutines.initTracing
import dev.spanstream.coroutines.withSpan
import dev.spanstream.sink.DropReason
import dev.spanstream.sink.InMemorySpanSink
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe

class UnsampledTest :
    FunSpec({
        // region unsampled
        test("checks out when nothing is recorded, too") {
            val sink = InMemorySpanSink()
            val tracer = initTracing {
                this.sink = sink
                tracesSampleRate = 0.0
            }

            withSpan("check out") { span -> span.isRecording shouldBe false }

            sink.spans().shouldBeEmpty()
            tracer.stats().dropped() shouldBe mapOf(DropReason.SAMPLE_RATE to 1L)
            Traces.close()
        }
        // endregion
    })

package dev.spanstream.samples.snippets.testing

import dev.spanstream.Traces
import dev.spanstream.coroutines.initTracing
import dev.spanstream.coroutines.withSpan
import dev.spanstream.sink.InMemorySpanSink
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.yield

// region default-tracer
class CheckOutTest :
    FunSpec({
        val sink = InMemorySpanSink()

        beforeTest {
            initTracing {
                this.sink = sink
                tracesSampleRate = 1.0
            }
        }

        afterTest {
            Traces.close()
            sink.clear()
        }

        test("stock is reserved within the check out, on whatever thread") {
            withSpan("check out") {
                async { withSpan("reserve stock") { yield() } }.await()
            }

            sink.tree() shouldBe "check out\n  reserve stock\n"
        }
    })
// endregion

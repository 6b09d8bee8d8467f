package dev.spanstream.samples.snippets.testing

import dev.spanstream.StrictMode
import dev.spanstream.Tracer
import dev.spanstream.coroutines.withSpan
import dev.spanstream.sink.InMemorySpanSink
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

class StrictModeTest :
    FunSpec({
        // region strict-mode
        val strict = StrictMode()
        val tracer = Tracer.create {
            it.sink = InMemorySpanSink()
            it.tracesSampleRate = 1.0
            it.strictMode = strict
        }

        test("every span is ended, where it was started") {
            tracer.withSpan("check out") {
                withContext(Dispatchers.Default) { tracer.withSpan("reserve stock") { } }
            }

            strict.verify()
        }

        test("a span that nobody ends is found") {
            val forgotten = tracer.startSpan("forgotten")

            val found = shouldThrow<AssertionError> { strict.verify() }
            found.suppressed.single().message shouldBe "'forgotten' was started here and has not ended"
            forgotten.end()
        }
        // endregion
    })

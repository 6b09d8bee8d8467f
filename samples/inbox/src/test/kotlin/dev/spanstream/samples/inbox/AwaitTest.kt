package dev.spanstream.samples.inbox

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

class AwaitTest : StringSpec({
    "spans of several envelopes are awaited and come in order of arrival" {
        Lab.run {
            coroutineScope {
                val spans = async { inbox.awaitSpans(3) }
                send(numbered(3))
                send(numbered(1), numbered(2))
                spans.await().map { it.spanId } shouldContainExactly listOf(id(3), id(1), id(2))
            }
        }
    }

    "a trace is awaited until it fulfils the condition" {
        Lab.run {
            coroutineScope {
                val trace = async { inbox.awaitTrace { it.spans.size == 2 } }
                send(numbered(1))
                send(numbered(2))
                trace.await().traceId shouldBe TRACE
            }
        }
    }

    "nothing is awaited without end: the failure says what is there and what was rejected" {
        Lab.run {
            send(numbered(1), numbered(2, "name" to null))
            post("nonsense")
            val failure = shouldThrow<AssertionError> { inbox.awaitSpans(2, timeout = 1.milliseconds) }
            val message = failure.message.orEmpty()
            message shouldContain "No sign of 2 spans within 1ms. 1 spans accepted"
            message shouldContain "some op"
            message shouldContain "no_data: 1 span lost: name is not a string: missing"
            message shouldContain "http_400"
            shouldThrow<AssertionError> { inbox.awaitTrace(Duration.ZERO) { false } }
        }
    }

    "everything about a request is there before its client has the answer" {
        Lab.run {
            repeat(50) { round ->
                send(numbered(round + 1))
                inbox.acceptedSpanCount() shouldBe round + 1
            }
        }
    }
})

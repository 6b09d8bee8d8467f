package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import kotlinx.coroutines.channels.Channel
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.milliseconds

class PrintTest : StringSpec({
    "a finished trace is printed as a tree" {
        val printed = Channel<String>(Channel.UNLIMITED)
        Lab.run({
            traceQuietPeriod = 1.milliseconds
            print = printed::trySend
        }) {
            send(span())
            printed.receive() shouldBe inbox.trace(TRACE)?.tree() + "\n"
        }
    }

    "a trace without a service span is printed too" {
        val printed = Channel<String>(Channel.UNLIMITED)
        Lab.run({
            traceQuietPeriod = 1.milliseconds
            print = printed::trySend
        }) {
            send(span("is_segment" to "false"))
            printed.receive() shouldStartWith "trace $TRACE"
        }
    }

    "a trace that grows after it was printed is printed again" {
        val printed = Channel<String>(Channel.UNLIMITED)
        Lab.run({
            traceQuietPeriod = 1.milliseconds
            print = printed::trySend
        }) {
            send(numbered(1))
            printed.receive() shouldStartWith "trace $TRACE: 1 spans"
            send(numbered(2))
            printed.receive() shouldStartWith "trace $TRACE: 2 spans"
        }
    }

    "a rejection is printed at once with its reason, before the client has its answer" {
        val printed = Channel<String>(Channel.UNLIMITED)
        Lab.run({
            traceQuietPeriod = 1.days
            print = printed::trySend
        }) {
            send(span("name" to null))
            printed.tryReceive().getOrNull() shouldBe
                "✗ no_data: 1 span lost: name is not a string: missing (trace $TRACE, span $SPAN)"
        }
    }

    "a printer that throws harms nobody" {
        Lab.run({ print = { error("broken pipe") } }) {
            send(span("name" to null))
            send(span())
            inbox.acceptedSpanCount() shouldBe 1
        }
    }
})

package dev.spanstream.pipeline

import dev.spanstream.envelope.FakeSpan
import dev.spanstream.envelope.FakeTree
import dev.spanstream.sink.DropReason
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.booleans.shouldBeFalse
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

// One long file because it is one decision: when a batch is complete.

class SealingTest : StringSpec({
    "A lone span is sent before the flush interval is over, or after" {
        lab {
            end(1)
            pass(4_999.milliseconds)
            receiver.sizes.shouldBeEmpty()
            pass(1.milliseconds)
            receiver.sizes shouldBe listOf(1)
            accounts(sent = 1)
        }
    }

    "The flush interval counts from another span than the first" {
        lab {
            val tree = tree()
            end(1, tree)
            pass(4.seconds)
            end(1, tree)
            pass(1.seconds)
            receiver.sizes shouldBe listOf(2)
        }
    }

    "A trace is sent before half a second after its service span is over, or after" {
        lab {
            val tree = tree()
            endServiceSpan(tree)
            pass(499.milliseconds)
            receiver.sizes.shouldBeEmpty()
            pass(1.milliseconds)
            receiver.sizes shouldBe listOf(1)
        }
    }

    "A trace whose service span has ended waits for one that began earlier" {
        lab {
            end(1, name = "long")
            pass(100.milliseconds)
            endServiceSpan(tree())
            pass(600.milliseconds)
            receiver.names shouldBe listOf(listOf("request"))
        }
    }

    "A trace that was sent before its time is sent once more at it, or keeps others waiting" {
        lab(settings.copy(maxSpansPerEnvelope = 2)) {
            val tree = tree()
            end(1, tree)
            endServiceSpan(tree)
            pass(100.milliseconds)
            endServiceSpan(tree(), name = "other")
            pass(200.milliseconds)
            endServiceSpan(tree, name = "second")
            pass(299.milliseconds)
            receiver.sizes shouldBe listOf(2)
            pass(1.milliseconds)
            receiver.names.last() shouldBe listOf("other")
            pass(300.milliseconds)
            receiver.names.drop(2) shouldBe listOf(listOf("second"))
        }
    }

    "A child that ends just after its service span does not travel with it" {
        lab {
            val tree = tree()
            end(2, tree, name = "early")
            endServiceSpan(tree)
            pass(300.milliseconds)
            end(1, tree, name = "late")
            pass(200.milliseconds)
            receiver.names shouldBe listOf(listOf("early", "early", "request", "late"))
        }
    }

    "A child that ends long after its service span is lost" {
        lab {
            val tree = tree()
            endServiceSpan(tree)
            pass(1.seconds)
            end(1, tree, name = "late")
            pass(5.seconds)
            receiver.names shouldBe listOf(listOf("request"), listOf("late"))
            accounts(sent = 2)
        }
    }

    "A service span delays what was due before" {
        lab {
            val tree = tree()
            end(1, tree)
            pass(4_900.milliseconds)
            endServiceSpan(tree)
            pass(100.milliseconds)
            receiver.sizes shouldBe listOf(2)
        }
    }

    "A full bucket waits for its time, or drops what is too much" {
        lab {
            end(2_500)
            pass(100.milliseconds)
            receiver.sizes shouldBe listOf(1_000, 1_000)
            pass(5.seconds)
            receiver.sizes shouldBe listOf(1_000, 1_000, 500)
            accounts(sent = 2_500)
        }
    }

    "The number of spans in an envelope is not the one that was set" {
        lab(settings.copy(maxSpansPerEnvelope = 7)) {
            end(20)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            receiver.sizes shouldBe listOf(7, 7, 6)
        }
    }

    "An envelope passes its limit in bytes, or is sealed earlier than it must be" {
        val size = FakeSpan(FakeTree(1)).estimatedBytes
        lab(settings.copy(maxBytesPerEnvelope = size * 3)) {
            end(7)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            receiver.sizes shouldBe listOf(3, 3, 1)
        }
        lab(settings.copy(maxBytesPerEnvelope = size * 3 - 1)) {
            end(5)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            receiver.sizes shouldBe listOf(2, 2, 1)
        }
    }

    "An envelope passes its limit if its texts have more bytes than characters" {
        val span = FakeSpan(FakeTree(1), name = "字".repeat(1_000))
        lab(settings.copy(maxBytesPerEnvelope = span.estimatedBytes * 4)) {
            repeat(4) { accept(span) }
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            receiver.sizes shouldBe listOf(1, 1, 1, 1)
            accounts(sent = 4)
        }
    }

    "A span that is larger than an envelope may be is dropped, or takes others along" {
        lab(settings.copy(maxBytesPerEnvelope = 1)) {
            end(3)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            receiver.sizes shouldBe listOf(1, 1, 1)
            accounts(sent = 3)
        }
    }

    "Two traces share an envelope, or one tree of a trace does not share it with another" {
        lab {
            val first = tree(trace = 1)
            val again = tree(trace = 1)
            val second = tree(trace = 2)
            repeat(3) { round -> listOf(first, second, again).forEach { end(1, it, "trace ${it.trace} span $round") } }
            pipeline.awaitFlush(10.seconds).shouldBeTrue()

            receiver.sizes.shouldContainExactlyInAnyOrder(6, 3)
            receiver.arrivals.forEach { envelope ->
                val trace = envelope.header
                    .getValue("trace")
                    .jsonObject
                    .getValue("trace_id")
                envelope.spans.map { it.getValue("trace_id") }.distinct() shouldBe listOf(trace)
            }
        }
    }

    "Trees of a trace share an envelope though they were sampled at different rates, or do not though at the same" {
        lab {
            val trees = listOf("0.5", "1.0", "0.5").map { sampledAt(it) }
            repeat(2) { round ->
                trees.forEachIndexed { index, tree -> end(1, tree, "tree $index span $round") }
                pass(100.milliseconds)
            }
            pipeline.awaitFlush(10.seconds).shouldBeTrue()

            receiver.arrivals.associate { it.sampleRate to it.names } shouldBe mapOf(
                "0.5" to listOf("tree 0 span 0", "tree 2 span 0", "tree 0 span 1", "tree 2 span 1"),
                "1.0" to listOf("tree 1 span 0", "tree 1 span 1"),
            )
            receiver.arrivals.size shouldBe 2
            accounts(sent = 6)
        }
    }

    "A sampling context that a tree got after its spans were sealed does not keep them apart" {
        lab(settings.copy(senders = 1)) {
            val gate = CompletableDeferred<Unit>()
            receiver.answer = { gate.await().let { Lab.OK } }
            end(1)
            pass(5.seconds)
            val trees = List(2) { sampledAt("1.0") }
            trees.forEach { end(3, it) }
            pass(6.seconds)
            trees.last().dsc = sampledAt("0.25").dsc
            gate.complete(Unit)
            settle()
            receiver.arrivals.drop(1).map { it.sampleRate to it.spans.size } shouldBe listOf("1.0" to 3, "0.25" to 3)
            accounts(sent = 7)
        }
    }

    "A batch that waits for a free sender is lost when something else happens meanwhile" {
        lab(settings.copy(senders = 1)) {
            val gate = CompletableDeferred<Unit>()
            receiver.answer = { gate.await().let { Lab.OK } }
            end(1)
            end(2)
            pass(5.seconds)
            // A tick, and a flush that cannot be answered in time.
            end(3)
            pass(1.seconds)
            pipeline.awaitFlush(1.seconds).shouldBeFalse()
            gate.complete(Unit)
            pipeline.awaitFlush(1.seconds).shouldBeTrue()
            receiver.sizes shouldBe listOf(1, 2, 3)
            accounts(sent = 6)
        }
    }

    "A name that the service span got late does not reach children that ended before" {
        lab {
            val tree = tree()
            tree.name = "GET"
            end(1, tree)
            pass(1.seconds)
            tree.name = "GET /orders/{id}"
            tree.dsc = mapOf("trace_id" to tree.traceId, "transaction" to tree.name)
            pass(5.seconds)

            val arrival = receiver.arrivals.single()
            arrival.spans
                .single()
                .getValue("attributes")
                .jsonObject
                .getValue("sentry.segment.name")
                .jsonObject
                .getValue("value")
                .jsonPrimitive.content shouldBe "GET /orders/{id}"
            arrival.header
                .getValue("trace")
                .jsonObject
                .getValue("transaction")
                .jsonPrimitive.content shouldBe
                "GET /orders/{id}"
        }
    }

    "Two pipelines that are fed from one tree send each other's spans" {
        lab {
            val other = another()
            val tree = tree()
            end(1, tree, name = "ours")
            other.end(2, tree, name = "the other's")
            end(1, tree, name = "ours")
            pipeline.awaitFlush(1.seconds).shouldBeTrue()
            other.pipeline.awaitClose(1.seconds)
            receiver.names shouldBe listOf(listOf("ours", "ours"))
            other.receiver.names.flatten() shouldBe listOf("the other's", "the other's")
        }
    }

    "A span that cannot be encoded takes its batch along, or is not counted" {
        lab {
            val tree = tree()
            end(2, tree)
            accept(FakeSpan(tree, own = mapOf("bad" to Any())))
            end(2, tree)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()

            receiver.sizes shouldBe listOf(4)
            accounts(sent = 4, DropReason.INTERNAL_SDK_ERROR to 1)
            receiver.arrivals.last().report shouldBe mapOf("internal_sdk_error" to 1L)
        }
    }

    mapOf(
        "an exception" to { IllegalStateException("hostile") },
        "an error" to { StackOverflowError() },
        "the cancellation of something else" to { CancellationException("hostile") },
    ).forEach { (what, failure) ->
        "A span that answers with $what takes its batch or the batcher along, or is not counted" {
            lab {
                val tree = tree()
                end(2, tree)
                // Read once when it is measured, and again when it is encoded.
                listOf(0, 1).forEach { accept(SpanThatFails(FakeSpan(tree), after = it, failure)) }
                end(2, tree)
                pipeline.awaitFlush(10.seconds).shouldBeTrue()
                end(1)
                pipeline.awaitFlush(10.seconds).shouldBeTrue()

                receiver.sizes shouldBe listOf(4, 1)
                accounts(sent = 5, DropReason.INTERNAL_SDK_ERROR to 2)
            }
        }
    }

    "A batch of nothing but bad spans is sent, or is not counted" {
        lab {
            accept(FakeSpan(tree(), own = mapOf("bad" to Any())))
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            receiver.sizes.shouldBeEmpty()
            accounts(sent = 0, DropReason.INTERNAL_SDK_ERROR to 1)
        }
    }
})

/** A tree of a trace that has others. */
private fun Lab.sampledAt(rate: String) =
    tree(trace = 1_000).apply { dsc = mapOf("trace_id" to traceId, "sample_rate" to rate) }

private val Arrival.sampleRate: String
    get() = header
        .getValue("trace")
        .jsonObject
        .getValue("sample_rate")
        .jsonPrimitive.content

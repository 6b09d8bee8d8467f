package dev.spanstream.pipeline

import dev.spanstream.envelope.FakeSpan
import dev.spanstream.sink.DropReason
import dev.spanstream.transport.Answer
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import java.util.logging.Handler
import java.util.logging.LogRecord
import java.util.logging.Logger
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

private object HostileHandler : Handler() {
    override fun publish(record: LogRecord): Unit = throw LinkageError("hostile")

    override fun flush() = Unit

    override fun close() = Unit
}

private suspend fun withHostileLogger(block: suspend () -> Unit) {
    val logger = Logger.getLogger("dev.spanstream")
    logger.addHandler(HostileHandler)
    try {
        block()
    } finally {
        logger.removeHandler(HostileHandler)
    }
}

/** What is not ours throws where it should not. */
class HostileTest : StringSpec({
    "A logger that throws ends the batcher" {
        lab {
            withHostileLogger {
                accept(SpanThatFails(FakeSpan(tree()), after = 0) { IllegalStateException("hostile") })
                pipeline.awaitFlush(10.seconds).shouldBeTrue()
                end(1)
                pipeline.awaitFlush(10.seconds).shouldBeTrue()
            }
            accounts(sent = 1, DropReason.INTERNAL_SDK_ERROR to 1)
        }
    }

    "A logger that throws ends a sender, or costs a batch that is only to be sent again" {
        lab(settings.copy(senders = 1)) {
            withHostileLogger {
                val answers = ArrayDeque(listOf(Answer.Status(500), Lab.OK))
                receiver.answer = { arrival ->
                    if (arrival.spans.isEmpty()) {
                        Lab.OK
                    } else {
                        answers.removeFirstOrNull()
                            ?: throw LinkageError("hostile")
                    }
                }
                repeat(2) {
                    end(2)
                    pipeline.awaitFlush(10.seconds).shouldBeTrue()
                }
                receiver.answer = { Lab.OK }
                end(1)
                pipeline.awaitFlush(10.seconds).shouldBeTrue()
            }
            accounts(sent = 3, DropReason.INTERNAL_SDK_ERROR to 2)
        }
    }

    "A cancellation that is not the sender's ends it" {
        lab(settings.copy(senders = 1)) {
            val hostile = object : AbstractMap<String, String>() {
                override val entries: Set<Map.Entry<String, String>> get() = throw CancellationException("hostile")
            }
            end(1, tree().apply { dsc = hostile })
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            receiver.answer = { throw CancellationException("hostile") }
            end(1)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            receiver.answer = { Lab.OK }
            end(1)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            accounts(sent = 1, DropReason.INTERNAL_SDK_ERROR to 2)
        }
    }

    listOf(LinkageError("hostile"), CancellationException("hostile")).forEach { failure ->
        "A transport that throws ${failure::class.simpleName} loses a report, ends those to come, or fails a flush" {
            lab {
                receiver.answer = { throw failure }
                pipeline.dropped(DropReason.IGNORED, 2)
                pipeline.awaitFlush(1.seconds).shouldBeTrue()
                pass(1.minutes)
                receiver.answer = { Lab.OK }
                pass(30.seconds)
                receiver.arrivals.last().report shouldBe mapOf("ignored" to 2L)
            }
        }

        "A transport that throws ${failure::class.simpleName} is not closed" {
            lab {
                receiver.answer = { throw failure }
                pipeline.dropped(DropReason.IGNORED, 2)
                pipeline.awaitClose(1.seconds)
                receiver.isClosed.shouldBeTrue()
            }
        }
    }
})

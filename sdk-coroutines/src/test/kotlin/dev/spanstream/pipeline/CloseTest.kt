package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason
import dev.spanstream.transport.Answer
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.booleans.shouldBeFalse
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.advanceUntilIdle
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

@OptIn(ExperimentalCoroutinesApi::class)
class CloseTest : StringSpec({
    "Closing does not send what there is, report included, or leaves the transport open" {
        lab {
            repeat(20) { end(3) }
            pipeline.dropped(DropReason.IGNORED, 4)
            pipeline.awaitClose(2.seconds)
            accounts(sent = 60)
            receiver.arrivals.sumOf { it.report["ignored"] ?: 0 } shouldBe 4
            receiver.isClosed.shouldBeTrue()
        }
    }

    "Closing does not wait until there is a sender for every batch" {
        lab {
            receiver.answer = {
                delay(1.seconds)
                Lab.OK
            }
            repeat(settings.senders * 3) { end(1) }
            pipeline.awaitClose(10.seconds)
            accounts(sent = settings.senders * 3L)
        }
    }

    "A span that ends after the close is lost without a count" {
        lab {
            val tree = tree()
            end(1, tree)
            pipeline.awaitClose(2.seconds)
            end(2, tree)
            end(3)
            pass(1.minutes)
            accounts(sent = 1, DropReason.BUFFER_OVERFLOW to 5)
        }
    }

    "What is left when the time is up is not counted, or for another reason than its own" {
        lab(settings.copy(senders = 2)) {
            receiver.answer = { if ("failing" in it.names) Answer.Status(500) else awaitCancellation() }
            end(1, name = "failing")
            end(20, name = "under way")
            pass(5.seconds)
            end(300, name = "waiting")
            pipeline.awaitClose(1.seconds)
            accounts(
                sent = 0,
                DropReason.SEND_ERROR to 1,
                DropReason.NETWORK_ERROR to 20,
                DropReason.BUFFER_OVERFLOW to 300,
            )
        }
    }

    "A span that ends during a close that was in time is told as one that there was no time for" {
        recordingWarnings {
            lab {
                coroutineScope {
                    val close = async { pipeline.awaitClose(10.seconds) }
                    // One for each step of the close.
                    while (!close.isCompleted) end(1).also { yield() }
                }
                val late = pipeline
                    .stats()
                    .dropped.values
                    .sum()
                late shouldBeGreaterThan 0
                accounts(pipeline.stats().sent, DropReason.BUFFER_OVERFLOW to late)
            }
        }.shouldBeEmpty()
    }

    "Without any time to close in spans are not counted" {
        lab {
            end(1)
            settle()
            // The batcher sleeps until its next tick, and finds these when it is cancelled.
            end(6)
            pipeline.awaitClose(Duration.ZERO)
            accounts(sent = 0, DropReason.BUFFER_OVERFLOW to 7)
            receiver.arrivals.shouldBeEmpty()
        }
    }

    "Closing again does something, or does not wait for the first time to end" {
        lab {
            val gate = CompletableDeferred<Unit>()
            receiver.answer = { gate.await().let { Lab.OK } }
            end(1)
            coroutineScope {
                val first = async { pipeline.awaitClose(10.seconds) }
                settle()
                val second = async { pipeline.awaitClose(10.seconds) }
                settle()
                second.isCompleted.shouldBeFalse()
                gate.complete(Unit)
                first.await()
                second.await()
            }
            pipeline.awaitClose(10.seconds)
            accounts(sent = 1)
        }
    }

    "A span whose chunk the batcher is just taking when it is cancelled is lost without a count" {
        lab {
            coroutineScope {
                val close = async(start = CoroutineStart.UNDISPATCHED) { pipeline.awaitClose(Duration.ZERO) }
                // The batcher is woken up by it behind the close, and does not get to read it.
                end(2)
                close.await()
            }
            accounts(sent = 0, DropReason.BUFFER_OVERFLOW to 2)
        }
    }

    "A flush that the batcher is just taking when it is cancelled waits for its timeout" {
        lab {
            coroutineScope {
                val close = async(start = CoroutineStart.UNDISPATCHED) { pipeline.awaitClose(Duration.ZERO) }
                val flush = async(start = CoroutineStart.UNDISPATCHED) { pipeline.awaitFlush(1.minutes) }
                close.await()
                flush.await().shouldBeTrue()
            }
        }
    }

    "A request that does not heed its cancellation keeps spans out of the account" {
        lab {
            receiver.answer = { withContext(NonCancellable) { delay(1.minutes) }.let { Lab.OK } }
            end(3)
            pass(5.seconds)
            pipeline.awaitClose(1.seconds)
            accounts(sent = 0, DropReason.NETWORK_ERROR to 3)
            pass(1.minutes)
            accounts(sent = 0, DropReason.NETWORK_ERROR to 3)
        }
    }

    "A flush of a closed pipeline waits for its timeout, or sends" {
        lab {
            pipeline.awaitClose(1.seconds)
            val arrivals = receiver.arrivals.size
            pipeline.dropped(DropReason.IGNORED, 1)
            pipeline.awaitFlush(1.seconds).shouldBeTrue()
            receiver.arrivals.size shouldBe arrivals
        }
    }

    "A coroutine outlives the close" {
        runTest {
            val lab = Lab(this, settings.copy(enableBackpressureHandling = true))
            lab.end(1)
            lab.pipeline.awaitClose(1.seconds)
            lab.accounts(sent = 1)
            val closed = currentTime
            // Would pass time, and never end, if anybody waited for anything.
            advanceUntilIdle()
            currentTime shouldBe closed
        }
    }

    "Who wants to know of the close is not told, or too early" {
        lab {
            var told = 0
            pipeline.onClosed { told++ }
            settle()
            told shouldBe 0
            pipeline.awaitClose(1.seconds)
            pipeline.awaitClose(1.seconds)
            told shouldBe 1
        }
    }
})

package dev.spanstream.coroutines

import dev.spanstream.Span
import dev.spanstream.Traces
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.sync.withPermit
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import java.util.concurrent.CompletableFuture
import kotlin.coroutines.resume
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

/** One coroutine sees one active span, whatever it waits for and whoever resumes it. */
@OptIn(ExperimentalCoroutinesApi::class)
internal class SuspensionTest :
    DispatcherSpec({
        everywhere("a span of plain Java code around a delay stays active, and is the parent of what comes after") {
            withSpan("outer") { outer ->
                Traces.startSpan("java").use { java ->
                    delay(1.milliseconds)
                    Traces.currentSpan() shouldBe java
                    Traces.startSpan("java child").use { delay(1.milliseconds) }
                    withSpan("child") { delay(1.milliseconds) }
                }
                Traces.currentSpan() shouldBe outer
            }

            traces.parentOf("java") shouldBe "outer"
            traces.parentOf("java child") shouldBe "java"
            traces.parentOf("child") shouldBe "java"
        }

        everywhere("coroutines that yield to one another do not see each other's spans") {
            withSpan("outer") {
                repeat(COROUTINES) { number ->
                    launch {
                        Traces.startSpan("first $number").use { first ->
                            yield()
                            Traces.currentSpan() shouldBe first
                            Traces.startSpan("second $number").use { second ->
                                yield()
                                Traces.currentSpan() shouldBe second
                            }
                        }
                    }
                }
            }

            repeat(COROUTINES) { number ->
                traces.parentOf("first $number") shouldBe "outer"
                traces.parentOf("second $number") shouldBe "first $number"
            }
        }

        everywhere("a coroutine that a foreign thread resumes keeps its span, and that thread its own") {
            lateinit var resumed: CompletableFuture<Unit>
            withSpan("outer") { outer ->
                suspendCancellableCoroutine { waiting ->
                    resumed =
                        onForeignThread {
                            Traces.startSpan("foreign").use { foreign ->
                                waiting.resume(Unit)
                                Traces.currentSpan() shouldBe foreign
                                Traces.startSpan("child of foreign").end()
                            }
                            Traces.currentSpan() shouldBe null
                        }
                }
                Traces.currentSpan() shouldBe outer
                withSpan("after") { hop() }
            }
            resumed.await()

            traces.parentOf("after") shouldBe "outer"
            traces.parentOf("foreign") shouldBe null
            traces.parentOf("child of foreign") shouldBe "foreign"
        }

        everywhere("the winner of a select goes on with its own span, not with that of who made it win") {
            val channel = Channel<Int>()
            val deferred = CompletableDeferred<Int>()

            suspend fun await() =
                select {
                    channel.onReceive { it }
                    deferred.onAwait { it }
                    onTimeout(1.minutes) { -1 }
                }
            withSpan("outer") {
                launch { withSpan("sender") { channel.send(1) } }
                launch {
                    withSpan("receiver") { receiver ->
                        await() shouldBe 1
                        Traces.currentSpan() shouldBe receiver
                        launch { withSpan("completer") { deferred.complete(2) } }
                        await() shouldBe 2
                        Traces.currentSpan() shouldBe receiver
                        select { onTimeout(1.milliseconds) { Traces.currentSpan() shouldBe receiver } }
                        withSpan("after") { hop() }
                    }
                }
            }

            traces.parentOf("after") shouldBe "receiver"
            traces.parentOf("sender") shouldBe "outer"
            traces.parentOf("completer") shouldBe "receiver"
        }

        val blocks =
            mapOf<String, suspend (suspend () -> Span) -> Span>(
                "withContext" to { start -> withContext(Dispatchers.IO) { start() } },
                "coroutineScope" to { start -> coroutineScope { start() } },
                "supervisorScope" to { start -> supervisorScope { start() } },
                "withTimeout" to { start -> withTimeout(1.minutes) { start() } },
                "select" to { start -> select { onTimeout(1.milliseconds) { start() } } },
            )
        for ((what, block) in blocks) {
            everywhere("a span that was started in $what and left open is still active after it") {
                withSpan("outer") { outer ->
                    block {
                        Traces.currentSpan() shouldBe outer
                        hop()
                        Traces.startSpan("left open")
                    }.use { left ->
                        Traces.currentSpan() shouldBe left
                        hop()
                        Traces.startSpan("after").close()
                    }
                    Traces.currentSpan() shouldBe outer
                }

                traces.parentOf("left open") shouldBe "outer"
                traces.parentOf("after") shouldBe "left open"
            }
        }

        everywhere("a block with a timeout is in the span around it") {
            withSpan("outer") { outer ->
                withTimeout(1.minutes) {
                    Traces.currentSpan() shouldBe outer
                    withSpan("inner") { hop() }
                    launch { withSpan("launched") { hop() } }
                }
                Traces.currentSpan() shouldBe outer
            }

            traces.parentOf("inner") shouldBe "outer"
            traces.parentOf("launched") shouldBe "outer"
        }

        everywhere("who is handed a mutex does not see the span of the last holder") {
            val mutex = Mutex()
            contend { mutex.withLock { it() } }
            traces.holdersStandRight()
        }

        everywhere("who is handed a permit does not see the span of the last holder") {
            val semaphore = Semaphore(permits = 2)
            contend { semaphore.withPermit { it() } }
            traces.holdersStandRight()
        }
    })

private const val COROUTINES = 50

private suspend fun contend(inTurns: suspend (suspend () -> Unit) -> Unit) =
    withSpan("outer") {
        repeat(COROUTINES) { number ->
            launch {
                withSpan("waiter $number") { waiter ->
                    inTurns {
                        Traces.currentSpan() shouldBe waiter
                        Traces.startSpan("holder $number").use { hop() }
                    }
                    Traces.currentSpan() shouldBe waiter
                }
            }
        }
    }

private fun TestTracer.holdersStandRight() =
    repeat(COROUTINES) { number ->
        parentOf("holder $number") shouldBe "waiter $number"
        parentOf("waiter $number") shouldBe "outer"
    }

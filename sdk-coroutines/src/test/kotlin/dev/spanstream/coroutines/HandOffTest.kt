package dev.spanstream.coroutines

import dev.spanstream.Traces
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.future.await
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlin.coroutines.CoroutineContext

/** `traceContext()` on its way to where nothing is inherited: through channels, into loops, to many at once. */
@OptIn(DelicateCoroutinesApi::class)
internal class HandOffTest :
    DispatcherSpec({
        everywhere("what a receiver does for a message is a child of what was active where it was sent") {
            val mailbox = Channel<Message>()
            coroutineScope {
                // An actor: one loop, which outlives those that send to it.
                launch {
                    withSpan("actor") { actor ->
                        for (message in mailbox) {
                            withContext(message.trace) { withSpan("handle ${message.number}") { hop() } }
                            Traces.currentSpan() shouldBe actor
                        }
                    }
                }
                List(MESSAGES) { number ->
                    launch { withSpan("send $number") { mailbox.send(Message(number, traceContext())) } }
                }.joinAll()
                mailbox.close()
            }

            repeat(MESSAGES) { number -> traces.parentOf("handle $number") shouldBe "send $number" }
            traces.parentOf("actor") shouldBe null
        }

        everywhere("receivers that have the same message at the same time do not see each other's spans") {
            val inboxes = List(RECEIVERS) { Channel<Message>(1) }
            coroutineScope {
                inboxes.forEachIndexed { receiver, inbox ->
                    launch {
                        withSpan("receiver $receiver") { own ->
                            val message = inbox.receive()
                            withContext(message.trace) {
                                withSpan("handle $receiver") {
                                    hop()
                                    Traces.startSpan("step $receiver").use { hop() }
                                }
                            }
                            Traces.currentSpan() shouldBe own
                            withSpan("after $receiver") { hop() }
                        }
                    }
                }
                withSpan("send") {
                    val message = Message(0, traceContext())
                    inboxes.forEach { it.send(message) }
                }
            }

            repeat(RECEIVERS) { receiver ->
                traces.parentOf("handle $receiver") shouldBe "send"
                traces.parentOf("step $receiver") shouldBe "handle $receiver"
                traces.parentOf("after $receiver") shouldBe "receiver $receiver"
                traces.parentOf("receiver $receiver") shouldBe null
            }
        }

        everywhere("a receiver's attributes reach what was started for the message, not the receiver's own spans") {
            val message =
                withNewTrace {
                    withSpan("send") {
                        Traces.setAttribute("tenant", "of the sender")
                        Message(0, traceContext())
                    }
                }
            withNewTrace {
                Traces.setAttribute("tenant", "of the receiver")
                withContext(message.trace) { withSpan("handle") { hop() } }
                withSpan("after") { hop() }
            }

            traces.span("handle").sentAttributes["tenant"] shouldBe "of the sender"
            traces.span("after").sentAttributes["tenant"] shouldBe "of the receiver"
        }

        everywhere("a trace context is what was active when it was taken, whatever happened since") {
            val dispatcher = currentDispatcher()
            withSpan("outer") {
                val taken = Traces.startSpan("taken here").use { traceContext() }
                withSpan("later") { CoroutineScope(dispatcher).launch(taken) { withSpan("work") { hop() } }.join() }
            }

            traces.parentOf("work") shouldBe "taken here"
        }

        everywhere("one trace context serves many coroutines of every kind, none of which sees another") {
            withSpan("outer") {
                val trace = traceContext()
                val scope = CoroutineScope(trace + Dispatchers.Default + Job())
                val jobs =
                    List(MANY) { number ->
                        when (number % 4) {
                            0 -> GlobalScope.launch(trace) { work(number) }
                            1 -> launch { withContext(trace) { work(number) } }
                            2 -> scope.launch { work(number) }
                            else -> launch { flow { emit(work(number)) }.flowOn(trace).collect() }
                        }
                    }
                jobs.joinAll()
                scope.coroutineContext.job.cancel()
            }

            repeat(MANY) { number ->
                traces.parentOf("work $number") shouldBe "outer"
                traces.parentOf("java $number") shouldBe "work $number"
                traces.parentOf("child $number") shouldBe "java $number"
            }
        }

        everywhere("a trace context taken where nothing is active hands on the trace all the same") {
            val trace = traceContext()
            val ids =
                List(2) { CoroutineScope(Dispatchers.Default).launch(trace) { withSpan("job") { hop() } } }
                    .joinAll()
                    .let { traces.sink.named("job").map { it.traceId } }

            ids shouldHaveSize 2
            ids.distinct() shouldHaveSize 1
        }

        everywhere("a trace context taken in plain code of a foreign thread carries that thread's span") {
            val scope = CoroutineScope(currentDispatcher() + Job())
            val job =
                onForeignThread {
                    Traces.startSpan("plain").use {
                        val carried = scope.launch(traceContext()) { withSpan("carried") { hop() } }
                        Traces.currentSpan()?.name shouldBe "plain"
                        carried
                    }
                }.await()
            job.join()

            traces.parentOf("carried") shouldBe "plain"
        }

        everywhere("flowOn a trace context puts upstream under it, and leaves the collector its own") {
            withSpan("outer") {
                val taken = withSpan("taken here") { traceContext() }
                val seen = mutableListOf<String?>()
                flow {
                    Traces.startSpan("upstream").use {
                        repeat(3) { number ->
                            emit(number)
                            hop()
                            seen += Traces.currentSpan()?.name
                        }
                    }
                }.flowOn(taken).collect { number ->
                    Traces.currentSpan()?.name shouldBe "outer"
                    withSpan("consume $number") { hop() }
                }
                seen shouldBe List(3) { "upstream" }
            }

            traces.parentOf("upstream") shouldBe "taken here"
            (0..2).map { traces.parentOf("consume $it") }.distinct() shouldContainExactlyInAnyOrder listOf("outer")
        }
    })

private class Message(val number: Int, val trace: CoroutineContext)

private suspend fun work(number: Int) =
    withSpan("work $number") {
        hop()
        Traces.startSpan("java $number").use { withSpan("child $number") { hop() } }
    }

private const val MESSAGES = 20
private const val RECEIVERS = 20
private const val MANY = 200

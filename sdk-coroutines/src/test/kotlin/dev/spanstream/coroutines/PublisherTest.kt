package dev.spanstream.coroutines

import dev.spanstream.Traces
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.jdk9.asFlow
import kotlinx.coroutines.jdk9.asPublisher
import kotlinx.coroutines.jdk9.awaitFirst
import kotlinx.coroutines.jdk9.collect
import kotlinx.coroutines.jdk9.flowPublish
import kotlinx.coroutines.launch
import java.util.concurrent.SubmissionPublisher

/** kotlinx-coroutines-jdk9, for `java.util.concurrent.Flow`: the same rules as for [ReactorTest]. */
internal class PublisherTest :
    DispatcherSpec({
        everywhere("flowPublish inherits nothing, unless it is made with the trace context") {
            withSpan("outer") { outer ->
                flowPublish(Dispatchers.Default) { withSpan("lost") { send(1) } }.asFlow().toList()
                flowPublish(traceContext()) { withSpan("carried") { send(1) } }.asFlow().toList()
                Traces.currentSpan() shouldBe outer
            }

            traces.parentOf("lost") shouldBe null
            traces.parentOf("carried") shouldBe "outer"
        }

        everywhere("subscribers of one publisher with a trace context do not see each other's spans") {
            withSpan("outer") {
                val publisher =
                    flowPublish(traceContext()) {
                        Traces.startSpan("make").use {
                            hop()
                            Traces.currentSpan() shouldBe it
                            withSpan("part") { send(1) }
                        }
                    }
                repeat(SUBSCRIBERS) { launch { publisher.asFlow().toList() shouldContainExactly listOf(1) } }
            }

            val makes = traces.sink.named("make")
            makes.map { it.parentSpanId } shouldBe List(SUBSCRIBERS) { traces.span("outer").spanId }
            traces.sink
                .named("part")
                .map { it.parentSpanId }
                .toSet() shouldBe makes.map { it.spanId }.toSet()
        }

        everywhere("a flow as publisher keeps the trace context that it is given, across suspensions") {
            val publisher =
                withSpan("made here") {
                    flow {
                        Traces.startSpan("java").use {
                            hop()
                            withSpan("work") { hop() }
                        }
                        emit(1)
                    }.asPublisher(traceContext())
                }
            withSpan("subscriber") { subscriber ->
                publisher.awaitFirst()
                Traces.currentSpan() shouldBe subscriber
            }

            traces.parentOf("java") shouldBe "made here"
            traces.parentOf("work") shouldBe "java"
        }

        everywhere("a coroutine that collects what a foreign thread publishes keeps its span between the items") {
            SubmissionPublisher<Int>().use { publisher ->
                withSpan("outer") { outer ->
                    val collecting =
                        launch {
                            withSpan("collector") { collector ->
                                publisher.collect { number ->
                                    Traces.currentSpan() shouldBe collector
                                    withSpan("consume $number") { hop() }
                                }
                            }
                        }
                    while (publisher.numberOfSubscribers == 0) hop()
                    repeat(ITEMS) { publisher.submit(it) }
                    publisher.close()
                    collecting.join()
                    Traces.currentSpan() shouldBe outer
                }
            }

            repeat(ITEMS) { traces.parentOf("consume $it") shouldBe "collector" }
        }
    })

private const val ITEMS = 5
private const val SUBSCRIBERS = 8

package dev.spanstream.coroutines

import dev.spanstream.SpanStatus
import dev.spanstream.Traces
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration.Companion.milliseconds

internal class TracedFlowTest :
    DispatcherSpec({
        everywhere("each collection is a span that counts its items") {
            val flow = flowOf(1, 2, 3).traced("numbers")
            withSpan("outer") {
                flow.collect()
                flow.collect()
            }

            val spans = traces.sink.named("numbers")
            spans.map { it.sentAttributes["flow.items"] } shouldBe listOf(3L, 3L)
            spans.map { it.status } shouldBe listOf(SpanStatus.OK, SpanStatus.OK)
            spans.map { it.parentSpanId }.distinct() shouldBe listOf(traces.span("outer").spanId)
        }

        everywhere("the span is the parent of spans upstream and not of those downstream") {
            withSpan("outer") { outer ->
                flow {
                    withSpan("produce") {
                        hop()
                        emit(1)
                        withSpan("after the turn") { hop() }
                    }
                }.traced("flow").collect {
                    hop()
                    Traces.currentSpan() shouldBe outer
                    withSpan("consume") { hop() }
                }
                Traces.currentSpan() shouldBe outer
            }

            traces.parentOf("produce") shouldBe "flow"
            traces.parentOf("after the turn") shouldBe "produce"
            traces.parentOf("consume") shouldBe "outer"
        }

        everywhere("a flow that runs on another dispatcher, or behind a buffer, is still under its span") {
            fun stepping(name: String): Flow<Int> = flowOf(1).onEach { withSpan(name) { hop() } }
            withSpan("outer") {
                stepping("on IO").flowOn(Dispatchers.IO).traced("first").collect()
                stepping("buffered").buffer(2).traced("second").collect()
            }

            traces.parentOf("on IO") shouldBe "first"
            traces.parentOf("buffered") shouldBe "second"
        }

        everywhere("an exception from upstream makes an error of the span") {
            shouldThrow<IllegalStateException> { flow<Int> { error("no") }.traced("failing").collect() }

            traces.span("failing").status shouldBe SpanStatus.ERROR
        }

        everywhere("a collector that throws, or has seen enough, makes no error of the span") {
            shouldThrow<IllegalStateException> { flowOf(1).traced("refused").collect { error("no") } }
            // The exception goes through scopes upstream, which may make a copy of it.
            val stepping = flow { withSpan("step") { emit(1) } }
            shouldThrow<IllegalStateException> {
                withNewTrace { stepping.traced("refused deep").collect { error("no") } }
            }
            flowOf(1, 2).traced("cut short").first()

            traces.span("refused").status shouldBe SpanStatus.OK
            traces.span("refused deep").status shouldBe SpanStatus.OK
            traces.span("cut short").status shouldBe SpanStatus.OK
            traces.span("cut short").sentAttributes["flow.items"] shouldBe 1L
        }

        everywhere("a cancelled collection ends its span as ok") {
            coroutineScope {
                val started = CompletableDeferred<Unit>()
                val job =
                    launch {
                        flow {
                            emit(1)
                            awaitCancellation()
                        }.traced("cancelled").collect { started.complete(Unit) }
                    }
                started.await()
                job.cancelAndJoin()
            }

            traces.span("cancelled").status shouldBe SpanStatus.OK
        }

        everywhere("a timeout makes an error of the span if upstream was waiting, and none if the collector was") {
            withTimeoutOrNull(1.milliseconds) { flow<Int> { awaitCancellation() }.traced("slow upstream").collect() }
            withTimeoutOrNull(1.milliseconds) { flowOf(1).traced("slow collector").collect { awaitCancellation() } }

            traces.span("slow upstream").status shouldBe SpanStatus.ERROR
            traces.span("slow collector").status shouldBe SpanStatus.OK
        }

        everywhere("operators after it see the items unchanged and in order") {
            val items = mutableListOf<Int>()
            flowOf(1, 2, 3)
                .traced("numbers")
                .map { it * 2 }
                .traced("doubled")
                .collect {
                    hop()
                    items += it
                }

            items shouldBe listOf(2, 4, 6)
            traces.sink.spans().map { it.name } shouldBe listOf("numbers", "doubled")
        }

        everywhere("a traced function makes one span of each call") {
            val block = traced("work") { span -> span.spanId }
            val ids = listOf(block(), block())

            traces.sink.named("work").map { it.spanId } shouldBe ids
        }
    })

package dev.spanstream.coroutines

import dev.spanstream.Traces
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.reactive.asFlow
import kotlinx.coroutines.reactive.awaitSingle
import kotlinx.coroutines.reactor.asFlux
import kotlinx.coroutines.reactor.flux
import kotlinx.coroutines.reactor.mono
import reactor.core.publisher.Flux
import reactor.core.publisher.Mono
import reactor.core.scheduler.Schedulers

/**
 * kotlinx-coroutines-reactor. A subscription starts from whoever subscribes, not from a coroutine: what
 * runs in it needs the trace context. What awaits or collects it is a coroutine like any other.
 */
internal class ReactorTest :
    DispatcherSpec({
        everywhere("mono inherits nothing, unless it is made with the trace context") {
            withSpan("outer") { outer ->
                mono(Dispatchers.Default) { withSpan("lost") { hop() } }.awaitSingle()
                mono(traceContext()) { withSpan("carried") { hop() } }.awaitSingle()
                Traces.currentSpan() shouldBe outer
            }

            traces.parentOf("lost") shouldBe null
            traces.parentOf("carried") shouldBe "outer"
        }

        everywhere("a mono is a child of where its trace context was taken, wherever it is subscribed to") {
            val cold = withSpan("made here") { mono(traceContext()) { withSpan("work") { hop() } } }
            withSpan("subscriber") { subscriber ->
                cold.awaitSingle()
                Traces.currentSpan() shouldBe subscriber
            }

            traces.parentOf("work") shouldBe "made here"
        }

        everywhere("subscribers of one flux with a trace context do not see each other's spans") {
            withSpan("outer") {
                val numbers =
                    flux(traceContext()) {
                        repeat(ITEMS) { number ->
                            Traces.startSpan("make $number").use {
                                hop()
                                withSpan("part of $number") { hop() }
                            }
                            send(number)
                        }
                    }
                repeat(SUBSCRIBERS) { launch { numbers.asFlow().toList() shouldContainExactly (0..<ITEMS).toList() } }
            }

            traces.partsStandRight()
        }

        everywhere("a coroutine that awaits a mono of a foreign thread keeps its span") {
            withSpan("outer") { outer ->
                val name =
                    Mono
                        .fromCallable { Traces.currentSpan()?.name ?: "nothing" }
                        .subscribeOn(Schedulers.boundedElastic())
                // The operators are plain code on the scheduler's threads.
                name.awaitSingle() shouldBe "nothing"
                Traces.currentSpan() shouldBe outer
                withSpan("after") { hop() }
            }

            traces.parentOf("after") shouldBe "outer"
        }

        everywhere("an operator sees the span of the coroutine if its callable is wrapped") {
            withSpan("outer") {
                Mono
                    .fromCallable(Traces.wrap<String> { Traces.startSpan("work").use { "done" } })
                    .subscribeOn(Schedulers.boundedElastic())
                    .awaitSingle()
            }

            traces.parentOf("work") shouldBe "outer"
        }

        everywhere("a coroutine that collects the flow of a flux keeps its span between the items") {
            withSpan("outer") { outer ->
                Flux.range(0, ITEMS).publishOn(Schedulers.parallel()).asFlow().collect { number ->
                    Traces.currentSpan() shouldBe outer
                    withSpan("consume $number") { hop() }
                }
                Traces.currentSpan() shouldBe outer
            }

            repeat(ITEMS) { traces.parentOf("consume $it") shouldBe "outer" }
        }

        everywhere("a flow as flux inherits nothing on the thread of a scheduler, unless given the trace context") {
            fun working(name: String): Flow<Int> =
                flow {
                    hop()
                    withSpan(name) { hop() }
                    emit(1)
                }
            withSpan("outer") { outer ->
                working("lost").asFlux().subscribeOn(Schedulers.single()).awaitSingle()
                working("carried").asFlux(traceContext()).subscribeOn(Schedulers.single()).awaitSingle()
                Traces.currentSpan() shouldBe outer
            }

            traces.parentOf("lost") shouldBe null
            traces.parentOf("carried") shouldBe "outer"
        }

        // asFlux(context) would put all its subscribers into one trace context: it does not fork it. flux does.
        everywhere("subscribers of a flow in a flux with a trace context do not see each other's spans") {
            withSpan("outer") {
                val numbers =
                    flow {
                        repeat(ITEMS) { number ->
                            Traces.startSpan("make $number").use {
                                hop()
                                withSpan("part of $number") { hop() }
                            }
                            emit(number)
                        }
                    }
                val flux = flux(traceContext()) { numbers.collect { send(it) } }
                repeat(SUBSCRIBERS) { launch { flux.asFlow().toList() shouldContainExactly (0..<ITEMS).toList() } }
            }

            traces.partsStandRight()
        }

        everywhere("a flow as flux that is tried again keeps the trace context that it is given") {
            withSpan("outer") {
                var attempts = 0
                flow {
                    Traces.startSpan("attempt ${++attempts}").use {
                        hop()
                        withSpan("part of $attempts") { hop() }
                        if (attempts < 3) error("not yet")
                    }
                    emit(attempts)
                }.asFlux(traceContext()).retry(3).awaitSingle() shouldBe 3
            }

            (1..3).forEach { attempt ->
                traces.parentOf("attempt $attempt") shouldBe "outer"
                traces.parentOf("part of $attempt") shouldBe "attempt $attempt"
            }
        }
    })

private const val ITEMS = 5
private const val SUBSCRIBERS = 8

private fun TestTracer.partsStandRight() {
    val byId = sink.spans().associateBy { it.spanIdBits }
    repeat(ITEMS) { number ->
        val makes = sink.named("make $number")
        makes.map { byId[it.parentSpanIdBits]?.name } shouldBe List(SUBSCRIBERS) { "outer" }
        sink.named("part of $number").map { it.parentSpanId }.toSet() shouldBe makes.map { it.spanId }.toSet()
    }
}

package dev.spanstream.coroutines

import dev.spanstream.Traces
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.produce
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flatMapMerge
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.shareIn
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.job
import kotlinx.coroutines.launch

/** Which span is active upstream and downstream; for flows with a span of their own see [TracedFlowTest]. */
@OptIn(ExperimentalCoroutinesApi::class)
internal class FlowContextTest :
    DispatcherSpec({
        fun producing(items: Int = 2): Flow<Int> =
            flow {
                repeat(items) { number ->
                    withSpan("produce $number") {
                        hop()
                        emit(number)
                        hop()
                    }
                }
            }

        suspend fun Flow<Int>.collectUnder(name: String) =
            withSpan(name) { span ->
                collect { number ->
                    Traces.currentSpan() shouldBe span
                    withSpan("consume $number") { hop() }
                }
                Traces.currentSpan() shouldBe span
            }

        // Both run in turns in one coroutine; emit calls the collector like any function.
        everywhere("a span that is open while a plain flow emits is active in its collector") {
            withSpan("outer") { outer ->
                producing(1).collect { withSpan("consume") { hop() } }
                Traces.currentSpan() shouldBe outer
            }

            traces.parentOf("produce 0") shouldBe "outer"
            traces.parentOf("consume") shouldBe "produce 0"
        }

        everywhere("flowOn another dispatcher: upstream inherits from the collector, and shows it nothing") {
            val another = if (currentDispatcher() === Dispatchers.IO) Dispatchers.Default else Dispatchers.IO
            producing().flowOn(another).collectUnder("collector")
            traces.upstreamAndDownstreamAreUnder("collector")
        }

        everywhere("flowOn the dispatcher of the collector changes nothing: it is still a plain flow") {
            withSpan("outer") {
                producing(1).flowOn(currentDispatcher()).collect { withSpan("consume") { hop() } }
            }

            traces.parentOf("consume") shouldBe "produce 0"
        }

        everywhere("a buffer: upstream inherits from the collector, and shows it nothing") {
            producing().buffer(1).collectUnder("collector")
            traces.upstreamAndDownstreamAreUnder("collector")
        }

        everywhere("a flow that is collected twice inherits each time from who collects it") {
            val asking = flow { emit(Traces.currentSpan()?.name) }.flowOn(Dispatchers.IO)
            withSpan("first") { asking.first() shouldBe "first" }
            withSpan("second") { asking.first() shouldBe "second" }
        }

        everywhere("a channelFlow, and what it launches, inherits from the collector") {
            channelFlow {
                withSpan("produce 0") {
                    hop()
                    send(0)
                }
                launch { withSpan("produce 1") { send(1) } }
            }.collectUnder("collector")
            traces.upstreamAndDownstreamAreUnder("collector")
        }

        everywhere("a produced channel inherits from who makes it, not from who receives") {
            withSpan("maker") {
                val channel =
                    produce {
                        repeat(2) { number ->
                            withSpan("produce $number") {
                                send(number)
                                hop()
                            }
                        }
                    }
                withSpan("receiver") { receiver ->
                    for (number in channel) {
                        Traces.currentSpan() shouldBe receiver
                        withSpan("consume $number") { hop() }
                    }
                }
            }

            repeat(2) { number ->
                traces.parentOf("produce $number") shouldBe "maker"
                traces.parentOf("consume $number") shouldBe "receiver"
            }
        }

        everywhere("flows that are merged do not see each other's spans") {
            withSpan("outer") { outer ->
                (0..<FLOWS)
                    .asFlow()
                    .flatMapMerge(FLOWS) { number ->
                        flow {
                            withSpan("flow $number") {
                                hop()
                                withSpan("step $number") { emit(number) }
                            }
                        }
                    }.collect { Traces.currentSpan() shouldBe outer }
            }

            repeat(FLOWS) { number ->
                traces.parentOf("flow $number") shouldBe "outer"
                traces.parentOf("step $number") shouldBe "flow $number"
            }
        }

        for ((policy, started) in mapOf("eagerly" to SharingStarted.Eagerly, "lazily" to SharingStarted.Lazily)) {
            everywhere("a flow shared $policy inherits from where it was shared, not from its subscribers") {
                withSpan("sharing") {
                    val sharing = CoroutineScope(coroutineContext + Job())
                    val shared = producing(1).map { it + 1 }.shareIn(sharing, started, replay = 1)
                    withSpan("subscriber") { subscriber ->
                        shared.first() shouldBe 1
                        Traces.currentSpan() shouldBe subscriber
                    }
                    sharing.coroutineContext.job.cancelAndJoin()
                }

                traces.parentOf("produce 0") shouldBe "sharing"
            }
        }

        everywhere("a state inherits from where it was made, not from who reads it") {
            withSpan("making") {
                val making = CoroutineScope(coroutineContext + Job())
                val state = producing(1).map { it + 1 }.stateIn(making)
                withSpan("reader") { reader ->
                    state.first() shouldBe 1
                    Traces.currentSpan() shouldBe reader
                }
                making.coroutineContext.job.cancelAndJoin()
            }

            traces.parentOf("produce 0") shouldBe "making"
        }

        everywhere("a flow shared in a scope without a trace context inherits nothing") {
            withSpan("outer") {
                val scope = CoroutineScope(Job())
                val shared =
                    flow {
                        withSpan("upstream") { hop() }
                        emit(1)
                    }.shareIn(scope, SharingStarted.Eagerly, replay = 1)
                shared.first()
                scope.cancel()
            }

            traces.parentOf("upstream") shouldBe null
        }

        // The first span of a coroutine changes its context, which a flow must not do between two items.
        everywhere("a plain flow that emits inside of a span must be collected where there is a trace context") {
            val violation = shouldThrow<IllegalStateException> { producing(1).collect() }
            violation.message
                .orEmpty()
                .lines()
                .first() shouldBe "Flow invariant is violated:"

            withNewTrace { producing(1).first() shouldBe 0 }
        }
    })

private const val FLOWS = 20

private fun TestTracer.upstreamAndDownstreamAreUnder(collector: String) =
    repeat(2) { number ->
        parentOf("produce $number") shouldBe collector
        parentOf("consume $number") shouldBe collector
    }

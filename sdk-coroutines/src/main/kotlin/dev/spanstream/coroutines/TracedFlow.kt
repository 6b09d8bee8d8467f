package dev.spanstream.coroutines

import dev.spanstream.Traces
import dev.spanstream.internal.ContextDoor
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.flow

/**
 * The same flow, with one span of the default tracer for each collection of it. As long as nobody collects, there is
 * none.
 *
 * ```
 * orders.asFlow().map(::enrich).traced("enrich orders").collect(::store)
 * ```
 *
 * The span lasts from the start to the end of the collection and counts the items in the attribute
 * `flow.items`. It is the parent of spans started upstream (`enrich` above), not of those started
 * downstream (`store`), although both run in turns in one coroutine. An exception that comes from
 * upstream makes it an `error`, and so does a timeout that strikes there; another cancellation does not, and
 * neither does a collector that has seen enough (`first()`, `take(2)`) or that throws itself. All are thrown on.
 *
 * A flow that never ends has a span that is never sent. There, put one around what is done with each item:
 *
 * ```
 * prices.updates.traced("show prices").collect(::show) // a SharedFlow
 * prices.updates.collect { price -> withNewTrace { withSpan("show price") { show(price) } } } // right
 * ```
 *
 * It is active only in a coroutine that has a trace context: anywhere inside of [withSpan],
 * [withNewTrace], or a request of the Ktor plugin. Elsewhere, spans upstream do not see it:
 *
 * ```
 * runBlocking { flow.traced("lonely").collect() } // spans upstream begin service spans of their own
 * ```
 *
 * @param name of low cardinality
 * @param attributes of each span, as for [withSpan]. Default: none
 */
public fun <T> Flow<T>.traced(
    name: String,
    attributes: Map<String, Any?> = emptyMap(),
): Flow<T> =
    flow {
        val active = currentCoroutineContext()[TraceContextElement] != null
        FlowCollection(this, currentHandle(), name, attributes, active).run(this@traced)
    }

/** One collection: upstream has active spans of its own, which give way while the collector has its turn. */
private class FlowCollection<T>(
    private val collector: FlowCollector<T>,
    private val handle: ContextDoor.Handle,
    private val name: String,
    private val attributes: Map<String, Any?>,
    private val active: Boolean,
) {
    private val upstreamFrame = door.nest(handle)
    private val collectorFrame = door.swap(handle, upstreamFrame)
    private var items = 0L
    private var thrownDownstream: Throwable? = null

    suspend fun run(upstream: Flow<T>) {
        val caller = currentCoroutineContext()
        val span = door.startSpan(Traces.tracer(), handle, name, attributes, active)
        var failure: Throwable? = null
        try {
            upstream.collect(::emit)
        } catch (thrown: Throwable) {
            failure = thrown.takeUnless { isFromDownstream(it) || caller.wasCancelledBy(it) }
            throw thrown
        } finally {
            span.setAttribute("flow.items", items)
            door.end(handle, span, failure)
            door.swap(handle, collectorFrame)
        }
    }

    private fun isFromDownstream(thrown: Throwable) = thrownDownstream?.let(thrown::isOrWraps) ?: false

    private suspend fun emit(item: T) {
        items++
        val turn = door.swap(handle, collectorFrame)
        try {
            collector.emit(item)
        } catch (thrown: Throwable) {
            thrownDownstream = thrown
            throw thrown
        } finally {
            door.swap(handle, turn)
        }
    }
}

package dev.spanstream.coroutines

import dev.spanstream.Span
import dev.spanstream.Tracer
import dev.spanstream.Traces
import dev.spanstream.internal.ContextDoor
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.withContext

/**
 * Runs [block] in a span of the default tracer; see [Tracer.withSpan], which has the rules, the parameters and their
 * defaults. Without a default tracer the block runs all the same.
 *
 * ```
 * suspend fun checkout(cart: Cart) = withSpan("checkout") { span ->
 *     span.setAttribute("cart.items", cart.size)
 *     val stock = async { reserve(cart) } // its spans are children of "checkout"
 *     charge(cart, stock.await())
 * }
 * ```
 *
 * A cold flow does its work where it is collected, not where it is made:
 *
 * ```
 * withSpan("load prices") { shop.prices() }.collect(::show) // the span has ended before anything is loaded
 * shop.prices().traced("load prices").collect(::show) // right
 * ```
 */
public suspend fun <T> withSpan(
    name: String,
    attributes: Map<String, Any?> = emptyMap(),
    parent: SpanParent = SpanParent.Active,
    active: Boolean = true,
    block: suspend CoroutineScope.(Span) -> T,
): T = Traces.tracer().withSpan(name, attributes, parent, active, block)

/**
 * Runs [block] in a span, and ends it after every coroutine that the block launched has completed
 * (sdk/telemetry/spans, "Starting Spans"). Returns what the block returns.
 *
 * The span stays active across suspension, on whatever thread the coroutine goes on. Coroutines
 * launched in the block start with it as their active span; spans that they start are not seen here.
 *
 * The first span of a coroutine gives it a trace context, by `withContext`. A plain flow must not change
 * its context while it emits, so there it needs one before:
 *
 * ```
 * val prices = flow { withSpan("load") { emit(load()) } }
 *
 * runBlocking { prices.collect() } // IllegalStateException: Flow invariant is violated
 * runBlocking { withNewTrace { prices.collect() } } // right
 * ```
 *
 * And in a coroutine that is cancelled already that first span is not started, and the block not run:
 * clean up in `withContext(NonCancellable)`. Later spans do run it, as `coroutineScope` does.
 *
 * An exception that leaves the block sets the status `error` and the attribute `error.type` (with `sendDefaultPii` also
 * `exception.message`), and is thrown on. A cancellation sets nothing, but a
 * [kotlinx.coroutines.TimeoutCancellationException] does.
 *
 * Where nothing is recorded (not sampled, ignored, or the tracer is closed) the block runs all the same, with a span
 * that keeps nothing of what it is told.
 *
 * @param name of low cardinality
 * @param attributes what the sampler and the ignore rules see; values follow [Span.setAttribute]. Default: none
 * @param parent see [SpanParent]. Default: the active span
 * @param active whether spans started in the block become its children; else they are its siblings. Default: true
 */
public suspend fun <T> Tracer.withSpan(
    name: String,
    attributes: Map<String, Any?> = emptyMap(),
    parent: SpanParent = SpanParent.Active,
    active: Boolean = true,
    block: suspend CoroutineScope.(Span) -> T,
): T {
    val element = currentCoroutineContext()[TraceContextElement]
    if (element != null) {
        return spanned(element.handle, name, attributes, parent, active, block)
    }
    // The first span of this coroutine: from here on it has a context of its own.
    return withTraceContext(door.current()) { own -> spanned(own, name, attributes, parent, active, block) }
}

private suspend fun <T> Tracer.spanned(
    handle: ContextDoor.Handle,
    name: String,
    attributes: Map<String, Any?>,
    parent: SpanParent,
    active: Boolean,
    block: suspend CoroutineScope.(Span) -> T,
): T {
    val span =
        when (parent) {
            SpanParent.Active -> door.startSpan(this, handle, name, attributes, active)
            SpanParent.None -> door.startSpan(this, handle, name, attributes, null, active)
            is SpanParent.Of -> door.startSpan(this, handle, name, attributes, parent.span, active)
        }
    val caller = currentCoroutineContext()
    var failure: Throwable? = null
    try {
        return if (caller.needsListener()) {
            withContext(ListenerElement) { block(span) }
        } else {
            coroutineScope { block(span) }
        }
    } catch (thrown: Throwable) {
        failure = thrown.takeUnless { caller.wasCancelledBy(it) }
        throw thrown
    } finally {
        door.end(handle, span, failure)
    }
}

/** The trace context of this coroutine; a fork of the thread's if it has none. */
internal suspend fun currentHandle(): ContextDoor.Handle =
    currentCoroutineContext()[TraceContextElement]?.handle ?: door.fork(door.current())

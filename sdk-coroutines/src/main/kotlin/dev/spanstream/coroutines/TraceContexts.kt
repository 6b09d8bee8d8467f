package dev.spanstream.coroutines

import dev.spanstream.Tracer
import dev.spanstream.Traces
import dev.spanstream.TracingOptions
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

/**
 * Makes the default tracer, as [Traces.init] does.
 *
 * ```
 * initTracing {
 *     dsn = System.getenv("SENTRY_DSN")
 *     tracesSampleRate = 0.2
 * }
 * ```
 *
 * @throws IllegalArgumentException if an option is invalid; the message says what to change
 */
public fun initTracing(configure: TracingOptions.() -> Unit): Tracer = Traces.init { it.configure() }

/**
 * A fork of the caller's trace context, for a coroutine that would not inherit it: one started from
 * plain code, or in another scope.
 *
 * ```
 * applicationScope.launch(traceContext()) { sendReceipt(order) } // a child of what is active here
 * ```
 *
 * Without it, such a coroutine starts with nothing:
 *
 * ```
 * applicationScope.launch { sendReceipt(order) } // its spans begin a new service span
 * ```
 *
 * It may be kept, sent in a message, and used any number of times: every builder of coroutines, and
 * `withContext`, forks it once more. `Flow.asFlux(context)` and `Flow.asPublisher(context)` do not, so
 * subscribers at the same time would mix up their spans:
 *
 * ```
 * prices.asFlux(traceContext()) // right for one subscriber at a time
 * flux(traceContext()) { prices.collect { send(it) } } // right for any number
 * ```
 */
public fun traceContext(): CoroutineContext.Element = TraceContextElement(door.fork(door.current()))

/**
 * Runs [block] in a new trace: a job, a message, a request. Nothing is inherited, neither the active
 * span nor the attributes of the isolation scope, and nothing gets out.
 */
public suspend fun <T> withNewTrace(block: suspend CoroutineScope.() -> T): T =
    withTraceContext(door.isolated()) { block() }

/**
 * Launches [block] in a new trace, as [withNewTrace] runs it: for what a request, a message or a timer
 * sets going in the application's own scope, and what shall not be part of it.
 *
 * ```
 * applicationScope.launchWithNewTrace {
 *     withSpan("refresh prices") { prices.load() } // a service span
 * }
 * ```
 *
 * Where it shall be part of it, pass [traceContext] to `launch` instead.
 *
 * @return the job of the coroutine
 */
public fun CoroutineScope.launchWithNewTrace(
    context: CoroutineContext = EmptyCoroutineContext,
    start: CoroutineStart = CoroutineStart.DEFAULT,
    block: suspend CoroutineScope.() -> Unit,
): Job = launch(context + TraceContextElement(door.isolated()) + listener(), start, block)

/**
 * Runs [block] in the trace that came in by [headers] at the default tracer; see
 * [Tracer.withContinuedTrace].
 *
 * ```
 * for (message in messages) {
 *     withContinuedTrace(message.headers) {
 *         withSpan("handle message") { handle(message) } // a service span under the sender's span
 *     }
 * }
 * ```
 */
public suspend fun <T> withContinuedTrace(
    headers: Map<String, String>,
    block: suspend CoroutineScope.() -> T,
): T = Traces.tracer().withContinuedTrace(headers, block)

/**
 * Runs [block] in the trace that came in by [headers] (`sentry-trace`, `baggage`), or in a new one
 * if they name none, or are garbage. Starts no span. Nothing else is inherited, and nothing gets out.
 *
 * @param headers their names are case-insensitive
 */
public suspend fun <T> Tracer.withContinuedTrace(
    headers: Map<String, String>,
    block: suspend CoroutineScope.() -> T,
): T {
    val isolated = door.isolated()
    door.continueTrace(this, isolated, headers)
    return withTraceContext(isolated) { block() }
}

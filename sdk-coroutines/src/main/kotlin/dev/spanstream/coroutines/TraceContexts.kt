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
 * Makes the default tracer, as [Traces.init] does, and closes the previous one, which may wait for its last spans.
 * Options that [configure] does not set are read from the environment, or have their defaults.
 *
 * ```
 * initTracing { tracesSampleRate = 0.2 } // sends to what SENTRY_DSN says
 * ```
 *
 * Without a rate or a sampler nothing is recorded; traces that come in are passed on all the same:
 *
 * ```
 * initTracing { dsn = "https://key@o42.ingest.sentry.io/17" } // no spans
 * ```
 *
 * May be called from any thread, and again. What [configure] throws is thrown on.
 *
 * @return the tracer that is the default from now on
 * @throws IllegalArgumentException if an option is invalid; the message says what to change. The previous tracer stays
 * @throws IllegalStateException if there is a DSN but nothing to send with, as in a shaded jar that lost the entry of
 *   [dev.spanstream.streaming.StreamingSinkProvider] in `META-INF/services`. The previous tracer stays
 */
public fun initTracing(configure: TracingOptions.() -> Unit): Tracer = Traces.init { it.configure() }

/**
 * A fork of the caller's trace context, for a coroutine that would not inherit it: one started from
 * plain code, or in another scope. It begins with what is active here and now, even if that has ended meanwhile, and
 * shares the attributes of this request. May be called anywhere; never throws.
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
 * Runs [block] in a new trace: a job, a message, a request (sdk/foundations/trace-propagation, "startNewTrace").
 * Nothing is inherited, neither the active span nor the attributes of another request, but those that hold for the
 * whole process; and nothing gets out. Starts no span.
 *
 * ```
 * for (job in jobs) withNewTrace { withSpan(job.name) { job.run() } } // one trace for each job
 * ```
 *
 * Without it they share one trace, and with it the number that a sample rate is compared with, which takes all of them
 * or none:
 *
 * ```
 * for (job in jobs) withSpan(job.name) { job.run() }
 * ```
 *
 * It waits for what the block launches, throws what the block throws, and does not run it in a coroutine that is
 * cancelled already.
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
 * @param context as for `launch`; a trace context in it has no effect. Default: empty
 * @param start as for `launch`. Default: [CoroutineStart.DEFAULT]
 * @return the job of the coroutine, as `launch` returns it
 */
public fun CoroutineScope.launchWithNewTrace(
    context: CoroutineContext = EmptyCoroutineContext,
    start: CoroutineStart = CoroutineStart.DEFAULT,
    block: suspend CoroutineScope.() -> Unit,
): Job = launch(context + TraceContextElement(door.isolated()) + listener(), start, block)

/**
 * Runs [block] in the trace that came in by [headers] at the default tracer; see
 * [Tracer.withContinuedTrace]. Without a default tracer it is a new trace.
 *
 * ```
 * for (message in messages) {
 *     withContinuedTrace(message.headers) {
 *         withSpan("handle message") { handle(message) } // a service span under the sender's span
 *     }
 * }
 * ```
 *
 * A span around it is in the trace of the worker, and nothing of that one is above the message:
 *
 * ```
 * withSpan("handle message") { withContinuedTrace(message.headers) { handle(message) } }
 * ```
 */
public suspend fun <T> withContinuedTrace(
    headers: Map<String, String>,
    block: suspend CoroutineScope.() -> T,
): T = Traces.tracer().withContinuedTrace(headers, block)

/**
 * Runs [block] in the trace that came in by [headers] (sdk/foundations/trace-propagation, "continueTrace"), or in a new
 * one if they name none, are garbage, or come from another organization ([TracingOptions.setStrictTraceContinuation]).
 * All else is as in [withNewTrace]. Starts no span; service spans of the block stand under the sender's, whose decision
 * to record counts unless there is a sampler.
 *
 * @param headers `sentry-trace` and `baggage`; `traceparent` counts without a `sentry-trace` and with
 *   [TracingOptions.setPropagateTraceparent]. Names are case-insensitive
 */
public suspend fun <T> Tracer.withContinuedTrace(
    headers: Map<String, String>,
    block: suspend CoroutineScope.() -> T,
): T {
    val isolated = door.isolated()
    door.continueTrace(this, isolated, headers)
    return withTraceContext(isolated) { block() }
}

package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.Tracer
import dev.spanstream.coroutines.internal.InternalTracingApi
import dev.spanstream.coroutines.internal.currentTraceContext
import dev.spanstream.internal.ContextDoor
import io.ktor.server.application.ApplicationCall
import kotlinx.coroutines.Job
import kotlinx.coroutines.coroutineScope

internal val door: ContextDoor = ContextDoor.open()

/**
 * Runs the call in its service span. The trace context of the coroutine must be the request's own.
 *
 * What the span says is collected only where there is somebody to read it: a sampler or an ignore rule
 * before the start, or the span if it is recorded.
 *
 * @param engine the job in which the call came
 */
@OptIn(InternalTracingApi::class)
internal suspend fun Tracer.withServiceSpan(
    call: ApplicationCall,
    rules: ServerRules,
    engine: Job?,
    proceed: suspend () -> Unit,
) {
    val context = currentTraceContext()
    val traced = TracedCall(this, call, startServiceSpan(call, rules, context), rules)
    call.attributes.put(TracedCall.Key, traced)
    call.routeOrNull?.let { traced.nameByRoute(it, call) }
    var outcome: CallOutcome? = null
    try {
        // So that the span ends after what the handler launched, and with the failure that the engine sees.
        coroutineScope { proceed() }
        outcome = CallOutcome.of(call, null, engine)
    } catch (thrown: Throwable) {
        outcome = CallOutcome.of(call, thrown, engine)
        throw thrown
    } finally {
        outcome?.let { traced.conclude(it) }
        val session = traced.session
        // Some engines say of each session in the end that it was cancelled: the session itself knows better.
        if (session == null || (outcome?.failure != null && !session.hasBegun)) {
            door.end(context, traced.span, outcome?.failure)
        } else {
            session.whenDone { failure -> door.end(door.current(), traced.span, failure) }
        }
    }
}

private fun Tracer.startServiceSpan(call: ApplicationCall, rules: ServerRules, context: ContextDoor.Handle): Span {
    val name = rules.nameOf(call) ?: call.request.spanName()
    if (!rules.admit(call)) {
        return door.startIgnoredServiceSpan(this, context, name)
    }
    val early = earlyAttributes(call.request, rules.headers)
    if (early.isEmpty()) {
        val span = door.startSpan(this, context, name, early, true)
        if (span.isSampled) {
            span.setAttributes(call.request.startAttributes(rules.headers, door.sendsDefaultPii(this)))
        }
        return span
    }
    door.customSamplingContext(context, mapOf("ktor_call" to call))
    val span = door.startSpan(this, context, name, early, true)
    // What is launched from here may live longer than the call, which it must not retain.
    door.customSamplingContext(context, emptyMap<String, Any>())
    return span
}

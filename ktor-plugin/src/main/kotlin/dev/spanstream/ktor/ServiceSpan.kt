package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.Tracer
import dev.spanstream.coroutines.internal.InternalTracingApi
import dev.spanstream.coroutines.internal.currentTraceContext
import dev.spanstream.internal.ContextDoor
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.RoutingCall
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
internal suspend fun Tracer.withServiceSpan(call: ApplicationCall, engine: Job?, proceed: suspend () -> Unit) {
    val context = currentTraceContext()
    val span = startServiceSpan(call, context)
    call.attributes.put(SpanKey, span)
    var outcome: CallOutcome? = null
    try {
        // So that the span ends after what the handler launched, and with the failure that the engine sees.
        coroutineScope { proceed() }
        outcome = CallOutcome.of(call, null, engine)
    } catch (thrown: Throwable) {
        outcome = CallOutcome.of(call, thrown, engine)
        throw thrown
    } finally {
        outcome?.writeTo(span)
        door.end(context, span, outcome?.failure)
    }
}

private fun Tracer.startServiceSpan(call: ApplicationCall, context: ContextDoor.Handle): Span {
    val name = call.request.spanName()
    val early = earlyAttributes(call.request)
    if (early.isEmpty()) {
        val span = door.startSpan(this, context, name, early, true)
        if (span.isSampled) {
            span.setAttributes(call.request.startAttributes())
        }
        return span
    }
    door.customSamplingContext(context, mapOf("ktor_call" to call))
    val span = door.startSpan(this, context, name, early, true)
    // What is launched from here may live longer than the call, which it must not retain.
    door.customSamplingContext(context, emptyMap<String, Any>())
    return span
}

/** Names the span by the route that was chosen. */
internal fun Span.nameByRoute(call: RoutingCall) {
    if (!isRecording) {
        return
    }
    val route = call.route.template()
    setName("${call.request.spanName()} $route")
    setAttribute("sentry.segment.name.source", "route")
    setAttribute("http.route", route)
}

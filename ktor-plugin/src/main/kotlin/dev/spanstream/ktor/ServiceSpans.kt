@file:OptIn(InternalTracingApi::class)

package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.Tracer
import dev.spanstream.coroutines.internal.InternalTracingApi
import dev.spanstream.coroutines.traceContext
import dev.spanstream.internal.ContextDoor
import io.ktor.http.content.OutgoingContent.ProtocolUpgrade
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.PipelineCall
import io.ktor.server.routing.RoutingPipelineCall
import io.ktor.util.pipeline.PipelineContext
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn

/**
 * Goes on with each call in a service span, in the trace that the request continues or in a new one; a
 * request inherits nothing from the thread that serves it.
 *
 * What the span says is collected only where there is somebody to read it: a sampler or an ignore rule
 * before the start, or the span if it is recorded.
 */
internal class ServiceSpans(private val rules: ServerRules) {
    /** An interceptor; it has no use for the subject. */
    suspend fun around(pipeline: PipelineContext<Unit, PipelineCall>, subject: Unit): Unit =
        suspendCoroutineUninterceptedOrReturn { caller ->
            val isolated = door.isolated()
            // So that what the application's functions do to scopes is done to those of this request.
            val previous = door.install(isolated)
            try {
                begin(pipeline.context, caller, isolated).start(pipeline, Proceed)
            } finally {
                door.restore(previous)
            }
        }

    private fun begin(call: ApplicationCall, caller: Continuation<Unit>, isolated: ContextDoor.Handle): TracedCall {
        val tracer = rules.tracer
        val incoming = call.request.traceHeaders()
        if (incoming.isNotEmpty()) {
            door.continueTrace(tracer, isolated, incoming)
        }
        val admitted = rules.admit(call)
        val pii = door.sendsDefaultPii(tracer)
        val span = tracer.startServiceSpan(call, admitted, pii, isolated)
        val routed = call as? RoutingPipelineCall
        if (!span.isRecording) {
            val unrecorded = UnrecordedCall(caller, isolated, span)
            // For a call the first attribute is the dearest. Of one that is not sampled, any call.span will do.
            if (!admitted || routed != null) {
                call.attributes.put(TracedCall.Key, unrecorded)
            }
            return unrecorded
        }
        val recorded = RecordedCall(caller, isolated, span, call, rules, pii)
        call.attributes.put(TracedCall.Key, recorded)
        // The route is known already if the plugin is installed in one.
        routed?.let { recorded.nameByRoute(it.route, it) }
        return recorded
    }

    private fun Tracer.startServiceSpan(
        call: ApplicationCall,
        admitted: Boolean,
        pii: Boolean,
        isolated: ContextDoor.Handle,
    ): Span {
        val own = rules.nameOf(call)
        val name = own ?: call.request.spanName()
        if (!admitted) {
            return door.startIgnoredServiceSpan(this, isolated, name)
        }
        if (!door.readsStartAttributes(this)) {
            val span = door.startSpan(this, isolated, name, emptyMap<String, Any>(), true)
            if (span.isSampled) {
                rules.quietly { call.request.describe(rules, pii, named = own != null, span::setAttribute) }
            }
            return span
        }
        val attributes = mutableMapOf<String, Any?>()
        rules.quietly { call.request.describe(rules, pii, named = own != null, attributes::put) }
        door.customSamplingContext(isolated, mapOf("ktor_call" to call))
        val span = door.startSpan(this, isolated, name, attributes, true)
        // What is launched from here may live longer than the call, which it must not retain.
        door.customSamplingContext(isolated, emptyMap<String, Any>())
        return span
    }

    /** An interceptor of what is sent: a span lasts as long as the connection that its call becomes. */
    suspend fun follow(pipeline: PipelineContext<Any, PipelineCall>, content: Any) {
        if (content is ProtocolUpgrade) pipeline.followUpgrade(content)
    }

    private suspend fun PipelineContext<Any, PipelineCall>.followUpgrade(content: ProtocolUpgrade) {
        val traced = content as? TracedUpgrade
            ?: TracedUpgrade(content, traceContext()).also { context.recordedBy(rules)?.session = it }
        proceedWith(traced)
    }

    private companion object {
        val Proceed: suspend PipelineContext<Unit, PipelineCall>.() -> Unit = PipelineContext<Unit, PipelineCall>::goOn
    }
}

private suspend fun PipelineContext<Unit, PipelineCall>.goOn(): Unit = proceed()

package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.Traces
import dev.spanstream.coroutines.internal.InternalTracingApi
import dev.spanstream.coroutines.internal.currentTraceContext
import io.ktor.client.call.HttpClientCall
import io.ktor.client.plugins.api.ClientPlugin
import io.ktor.client.plugins.api.createClientPlugin
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.util.AttributeKey
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import java.util.concurrent.atomic.AtomicInteger

/**
 * Makes a span of each attempt of each request, and sends the trace along.
 *
 * ```
 * val client = HttpClient(CIO) { install(ClientTracing) }
 * ```
 *
 * Retries and redirects are siblings, in whatever order plugins are installed. Where no span is
 * active there is none here either (it is counted as `no_parent_span`), but the trace is still sent
 * along. Headers go to propagation targets only
 * ([dev.spanstream.TracingOptions.setTracePropagationTargets]); neither headers nor spans go to the
 * receiver of the spans itself.
 */
public val ClientTracing: ClientPlugin<ClientTracingConfig> =
    createClientPlugin("ClientTracing", ::ClientTracingConfig) {
        val configured = pluginConfig.tracer
        val captured = CapturedHeaders(pluginConfig.headers.toSet())

        // Once for all attempts, which are copies of this request and so share what is put there.
        onRequest { request, _ ->
            request.attributes.put(Resends, AtomicInteger())
            request.attributes.computeIfAbsent(EventSession.Key) { EventSession() }
        }

        on(AroundAttempt) { request, proceed ->
            (configured ?: Traces.tracer()).attempt(request, captured, proceed)
        }

        on(EventsReceived) { call, session ->
            call.attributes.getOrNull(EventSession.Key)?.job = session.coroutineContext[Job]
        }
    }

private val Resends = AttributeKey<AtomicInteger>("dev.spanstream.Resends")

@OptIn(InternalTracingApi::class)
private suspend fun Tracer.attempt(
    request: HttpRequestBuilder,
    captured: CapturedHeaders,
    proceed: suspend () -> HttpClientCall,
): HttpClientCall {
    if (door.isOwnReceiver(this, request.url.host, request.url.effectivePort())) {
        request.inject(emptyMap())
        return proceed()
    }
    val context = request.origin ?: currentTraceContext()
    val parent = door.activeSpan(this, context)
    if (parent == null) {
        door.skippedWithoutParent(this)
        request.inject(door.traceHeaders(this, context, request.url.buildString(), null))
        return proceed()
    }
    // Not by isRecording: what a request says does not depend on whether its parent has ended.
    val pii = door.sendsDefaultPii(this)
    val resends = request.attributes.getOrNull(Resends)?.getAndIncrement() ?: 0
    val attributes = if (parent.isSampled) request.startAttributes(captured, pii, resends) else emptyMap()
    val span = door.startSpan(this, context, request.spanName(), attributes, false)
    // A suspending main function has no job.
    val caller = currentCoroutineContext()[Job]
    val call =
        try {
            request.inject(door.traceHeaders(this, context, request.url.buildString(), span))
            proceed()
        } catch (thrown: Throwable) {
            door.end(context, span, failureOf(thrown, caller))
            throw thrown
        }
    span.endsWith(call, caller, captured, pii)
    return call
}

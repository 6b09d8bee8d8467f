package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.Traces
import io.ktor.client.plugins.HttpRequestRetryEvent
import io.ktor.client.plugins.api.ClientPlugin
import io.ktor.client.plugins.api.MonitoringEvent
import io.ktor.client.plugins.api.createClientPlugin
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.utils.HttpResponseReceived
import io.ktor.util.AttributeKey
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import java.util.concurrent.atomic.AtomicInteger

/**
 * Makes a span of each attempt of each request, and sends the trace along
 * (sdk/foundations/client/integrations/http-client; sdk/foundations/trace-propagation, "Outgoing Propagation").
 *
 * ```
 * val client = HttpClient(CIO) { install(ClientTracing) }
 * ```
 *
 * Retries and redirects are siblings, in whatever order plugins are installed. A span ends with the body of the
 * response, with the session of a WebSocket or of events ([traceFromHere] tells whose child that is), or when
 * another attempt is decided on. What a cache answers by itself is no request.
 *
 * The status is `error` from 400 on, and if the request or the body of its response fails, timeouts included; a
 * request that its caller gave up is no error. The name is method and URL without query and credentials, unless there
 * is a [urlTemplate].
 *
 * Where no span is active there is none here either (it is counted as `no_parent_span`, sdk/telemetry/client-reports),
 * but the trace is still sent along:
 *
 * ```
 * client.get(url) // no span, unless one is active here
 * withSpan("load prices") { client.get(url) } // two spans
 * ```
 *
 * Headers go to propagation targets only
 * ([dev.spanstream.TracingOptions.setTracePropagationTargets]), and keep the `baggage` that is there. Requests to the
 * receiver of the spans itself have neither headers nor spans. A request goes on whatever fails here; the logger
 * `dev.spanstream.ktor.ClientTracing` says so at level `DEBUG`.
 */
public val ClientTracing: ClientPlugin<ClientTracingConfig> =
    createClientPlugin("ClientTracing", ::ClientTracingConfig) {
        val configured = pluginConfig.tracer
        val captured = CapturedHeaders(pluginConfig.headers.toSet())

        // Once for all attempts, which are copies of this request and so share the counter.
        onRequest { request, _ ->
            request.attributes.put(Resends, AtomicInteger())
            request.attributes.computeIfAbsent(EventSession.Key) { EventSession() }
        }

        on(AroundAttempt) { request, proceed ->
            request.attributes.remove(ClientAttempt.Key)
            harmless { (configured ?: Traces.tracer()).begin(request, captured) }
            val attempt = request.attributes.getOrNull(ClientAttempt.Key)
            val call =
                try {
                    proceed()
                } catch (thrown: Throwable) {
                    attempt?.failed(thrown)
                    throw thrown
                }
            attempt?.answered(call)
            call
        }

        on(MonitoringEvent(HttpResponseReceived)) { response -> response.call.attempt?.received(response) }

        on(EventsReceived) { call, session ->
            call.attributes.getOrNull(EventSession.Key)?.job = session.coroutineContext[Job]
        }

        // Ktor itself gives up a response that is streamed only when the next attempt is sent.
        on(MonitoringEvent(HttpRequestRetryEvent)) { retry ->
            retry.response
                ?.call
                ?.attempt
                ?.givenUp()
        }
    }

private val Resends = AttributeKey<AtomicInteger>("dev.spanstream.Resends")

/** Puts the headers into the request, and its attempt if there is a span to be a child of. */
private suspend fun Tracer.begin(request: HttpRequestBuilder, captured: CapturedHeaders) {
    if (door.isOwnReceiver(this, request.url.host, request.url.effectivePort())) {
        request.inject(emptyMap())
        return
    }
    val context = request.caller(this)
    val parent = door.activeSpan(this, context)
    if (parent == null) {
        door.skippedWithoutParent(this)
        request.inject(door.traceHeaders(this, context, request.url.buildString(), null))
        return
    }
    // Not by isRecording: what a request says does not depend on whether its parent has ended.
    val isSampled = parent.isSampled
    val pii = door.sendsDefaultPii(this)
    val resends = request.attributes.getOrNull(Resends)?.getAndIncrement() ?: 0
    val attributes = mutableMapOf<String, Any?>()
    if (isSampled) {
        harmless { request.describe(captured, pii, resends, attributes::put) }
    }
    // Nobody reads the name of a span that is not recorded.
    val name = if (isSampled) request.spanName() else request.method.value
    val span = door.startSpan(this, context, name, attributes, false)
    val caller = currentCoroutineContext()[Job]
    request.attributes.put(ClientAttempt.Key, ClientAttempt(span, context, caller, captured, pii))
    request.inject(door.traceHeaders(this, context, request.url.buildString(), span))
}

package dev.spanstream.ktor

import dev.spanstream.Traces
import dev.spanstream.coroutines.internal.InternalTracingApi
import dev.spanstream.coroutines.internal.currentTraceContext
import dev.spanstream.internal.ContextDoor
import io.ktor.client.plugins.api.ClientPlugin
import io.ktor.client.plugins.api.Send
import io.ktor.client.plugins.api.createClientPlugin

private val door = ContextDoor.open()

/**
 * Makes a span of each attempt of each request, and sends the trace along.
 *
 * ```
 * val client = HttpClient(CIO) { install(ClientTracing) }
 * ```
 *
 * Retries and redirects are siblings. Where no span is active there is none here either (it is
 * counted as `no_parent_span`), but the trace is still sent along. Headers go to propagation targets
 * only ([dev.spanstream.TracingOptions.setTracePropagationTargets]); neither headers nor spans go to
 * the receiver of the spans itself.
 */
@OptIn(InternalTracingApi::class)
public val ClientTracing: ClientPlugin<ClientTracingConfig> =
    createClientPlugin("ClientTracing", ::ClientTracingConfig) {
        val configured = pluginConfig.tracer

        on(Send) { request ->
            val tracer = configured ?: Traces.tracer()
            if (door.isOwnReceiver(tracer, request.url.host, request.url.effectivePort())) {
                return@on proceed(request)
            }
            val context = currentTraceContext()
            if (door.activeSpan(tracer, context) == null) {
                door.skippedWithoutParent(tracer)
                request.inject(door.traceHeaders(tracer, context, request.url.buildString(), null))
                return@on proceed(request)
            }
            val span = door.startSpan(tracer, context, request.spanName(), request.startAttributes(), false)
            request.inject(door.traceHeaders(tracer, context, request.url.buildString(), span))
            val call =
                try {
                    proceed(request)
                } catch (thrown: Throwable) {
                    door.end(context, span, thrown)
                    throw thrown
                }
            span.endsWith(call)
            call
        }
    }

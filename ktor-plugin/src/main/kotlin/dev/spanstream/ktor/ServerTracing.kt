package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.Traces
import dev.spanstream.coroutines.withContinuedTrace
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ApplicationPlugin
import io.ktor.server.application.ApplicationStopped
import io.ktor.server.application.createApplicationPlugin
import io.ktor.server.application.hooks.MonitoringEvent
import io.ktor.server.routing.RoutingRoot
import io.ktor.util.AttributeKey
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import java.time.Duration

/**
 * Makes each request a service span, in the trace that the request continues or in a new one.
 *
 * ```
 * embeddedServer(Netty, port = 8080) {
 *     install(ServerTracing)
 *     routing {
 *         get("/orders/{id}") { call.respondText(orders.find(call.parameters["id"])) } // GET /orders/{id}
 *     }
 * }
 * ```
 *
 * Nothing is inherited from the thread that serves the request. The span is named by the route, not
 * by the path; its status is `error` from 400 on, and when an exception leaves the call
 * (sdk/telemetry/spans, HTTP conventions). A call that was cancelled because its client went away is
 * no error. When the application stops, the tracer is flushed.
 */
public val ServerTracing: ApplicationPlugin<ServerTracingConfig> =
    createApplicationPlugin("ServerTracing", ::ServerTracingConfig) {
        val configured = pluginConfig.tracer

        on(AroundCall) { call, proceed ->
            val tracer = configured ?: Traces.tracer()
            val engine = currentCoroutineContext()[Job]
            tracer.withContinuedTrace(call.request.traceHeaders()) {
                tracer.withServiceSpan(call, engine, proceed)
            }
        }

        on(MonitoringEvent(RoutingRoot.RoutingCallStarted)) { call ->
            call.spanOrNull?.nameByRoute(call)
        }

        // Flushed and not closed: other applications of the process may share the tracer.
        on(MonitoringEvent(ApplicationStopped)) {
            (configured ?: Traces.tracer()).flush(STOP_TIMEOUT)
        }
    }

/** The service span of this request; null if [ServerTracing] is not installed. */
public val ApplicationCall.spanOrNull: Span? get() = attributes.getOrNull(SpanKey)

/**
 * The service span of this request.
 *
 * @throws IllegalStateException if [ServerTracing] is not installed
 */
public val ApplicationCall.span: Span
    get() = spanOrNull ?: error("There is no span: install(ServerTracing) in the application first")

internal val SpanKey: AttributeKey<Span> = AttributeKey("dev.spanstream.ServerSpan")

private val STOP_TIMEOUT = Duration.ofSeconds(2)

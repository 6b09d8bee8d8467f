package dev.spanstream.ktor

import dev.spanstream.Span
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ApplicationStopped
import io.ktor.server.application.RouteScopedPlugin
import io.ktor.server.application.application
import io.ktor.server.application.createRouteScopedPlugin
import io.ktor.server.application.hooks.MonitoringEvent
import io.ktor.server.application.log
import io.ktor.server.routing.RoutingRoot
import io.ktor.util.AttributeKey
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap

/**
 * Makes each request a service span, in the trace that the request continues or in a new one
 * (sdk/foundations/trace-propagation, "Incoming Propagation"). What it writes down follows the Sentry Conventions for
 * HTTP (sdk/telemetry/spans, "Attribute Conventions").
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
 * by the path; its status is `error` from 400 on, and when an exception leaves the call. A call that was cancelled
 * because its client went away is no error. A WebSocket or a stream of events lasts as long as its connection.
 *
 * A sampler finds the call by `context.get("ktor_call")`. What fails here is logged, and the request goes on as without
 * the plugin. When the application stops, it waits up to two seconds for the tracer to send its spans.
 *
 * It may be installed in a route instead of the application; then it sees neither unmatched paths nor what
 * plugins of the application, such as StatusPages, make of an exception:
 *
 * ```
 * routing { route("/api") { install(ServerTracing) } }
 * ```
 *
 * Of nested routes the inner installation counts. In the application and in a route is one too many: Ktor throws a
 * `DuplicatePluginException`, but not if the route comes first, and then a request makes two spans in two traces:
 *
 * ```
 * routing { route("/api") { install(ServerTracing) } }
 * install(ServerTracing)
 * ```
 */
public val ServerTracing: RouteScopedPlugin<ServerTracingConfig> =
    createRouteScopedPlugin("ServerTracing", ::ServerTracingConfig) {
        val rules = ServerRules(pluginConfig, application.log)
        if (route == null) application.attributes.put(Installed, rules)
        warningOf(ktorVersion())?.let { warning -> application.once(warning) { application.log.warn(warning) } }

        val spans = ServiceSpans(rules)
        on(AroundCall, spans::around)

        on(MonitoringEvent(RoutingRoot.RoutingCallStarted)) { call ->
            call.recordedBy(rules)?.nameByRoute(call.route, call)
        }

        on(BeforeSending, spans::follow)

        // Flushed and not closed: other applications of the process may share the tracer.
        on(MonitoringEvent(ApplicationStopped)) {
            val tracer = rules.tracer
            application.once(tracer) { tracer.flush(STOP_TIMEOUT) }
        }
    }

/** Does something the first time of all installations in this application. */
private fun Application.once(what: Any, action: () -> Unit) {
    if (attributes.computeIfAbsent(DoneOnce) { ConcurrentHashMap.newKeySet() }.add(what)) {
        action()
    }
}

private val DoneOnce = AttributeKey<MutableSet<Any>>("dev.spanstream.DoneOnce")

/** The call, if the installation with these rules records it: each one in a route hears of the calls of all. */
internal fun ApplicationCall.recordedBy(rules: ServerRules): RecordedCall? =
    (attributes.getOrNull(TracedCall.Key) as? RecordedCall)?.takeIf { it.rules === rules && it.span.isRecording }

/**
 * The service span of this request, or one that records nothing; null where [ServerTracing] is not installed, neither
 * in the application nor in the route of this call.
 *
 * ```
 * install(CallLogging) { mdc("trace_id") { call -> call.spanOrNull?.traceId } }
 * ```
 */
public val ApplicationCall.spanOrNull: Span?
    get() = attributes.getOrNull(TracedCall.Key)?.span
        ?: application.attributes.getOrNull(Installed)?.let { door.unrecordedSpan(it.tracer) }

/** What is installed in the application, and so sees each call, also those that it does not record. */
private val Installed = AttributeKey<ServerRules>("dev.spanstream.Installed")

/**
 * The service span of this request, or one that records nothing; not the innermost active one. It ends by itself; what
 * is set after the call is done is ignored.
 *
 * ```
 * call.span.setAttribute("order.items", order.items.size)
 * ```
 *
 * @throws IllegalStateException if [ServerTracing] is not installed; there, [spanOrNull] is null
 */
public val ApplicationCall.span: Span
    get() = spanOrNull ?: error("There is no span: install(ServerTracing) in the application first")

private val STOP_TIMEOUT = Duration.ofSeconds(2)

package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.Tracer
import io.ktor.server.application.ApplicationCall
import io.ktor.server.plugins.origin
import io.ktor.server.routing.RoutingNode
import io.ktor.server.routing.RoutingPipelineCall
import io.ktor.util.AttributeKey

/** A call, its service span, and the rules of the installation that traces it. */
internal class TracedCall(
    private val tracer: Tracer,
    private val call: ApplicationCall,
    val span: Span,
    val rules: ServerRules,
) {
    /** The connection that the call became, if it did. */
    var session: TracedUpgrade? = null

    /** Names the span by the route that was chosen. */
    fun nameByRoute(route: RoutingNode, call: ApplicationCall) {
        if (!span.isRecording) {
            return
        }
        val template = route.template()
        val own = rules.nameOf(call)
        span.setName(own ?: "${call.request.spanName()} $template")
        span.setAttribute("sentry.segment.name.source", if (own == null) "route" else "custom")
        span.setAttribute("http.route", template)
    }

    /** Writes down what is known when the call is done. */
    fun conclude(outcome: CallOutcome) {
        if (!span.isRecording) {
            return
        }
        outcome.writeTo(span, rules)
        unlessRecycled { writeDown(door.sendsDefaultPii(tracer)) }
        rules.enrich(span, call)
    }

    private fun writeDown(pii: Boolean) {
        // Plugins that read what a proxy says of a request do so after its span has started.
        if (call.request.origin !== call.request.local) {
            span.setAttributes(call.request.originAttributes(pii))
        }
        if (call.response.isCommitted) {
            rules.headers.write("http.response.header", call.response.headers.allValues(), pii, span::setAttribute)
        }
    }

    companion object {
        val Key: AttributeKey<TracedCall> = AttributeKey("dev.spanstream.TracedCall")
    }
}

/** The route, which is known from the start if the plugin is installed in one. */
internal val ApplicationCall.routeOrNull: RoutingNode? get() = (this as? RoutingPipelineCall)?.route

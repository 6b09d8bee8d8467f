@file:OptIn(InternalTracingApi::class)

package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.coroutines.internal.InternalTracingApi
import dev.spanstream.internal.ContextDoor
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.application
import io.ktor.server.plugins.origin
import io.ktor.server.routing.RoutingNode
import kotlinx.coroutines.Job
import kotlin.coroutines.Continuation

/** A call whose service span says what became of it. */
internal class RecordedCall(
    caller: Continuation<Unit>,
    isolated: ContextDoor.Handle,
    span: Span,
    private val call: ApplicationCall,
    val rules: ServerRules,
    private val pii: Boolean,
) : TracedCall(caller, isolated, span) {
    /** The connection that the call became, if it did. */
    var session: TracedUpgrade? = null

    private var isRouted = false

    /**
     * Names the span by the route that was chosen.
     *
     * @param routed the call as routes see it. Its request is left to them: made for each call that asks for it, it
     *   parses the query, which took a kilobyte.
     */
    fun nameByRoute(route: RoutingNode, routed: ApplicationCall) {
        rules.quietly {
            val template = RouteTemplate.of(route)
            val own = rules.nameOf(routed)
            span.setName(own ?: template.nameFor(call.request.spanName()))
            span.setAttribute("sentry.segment.name.source", if (own == null) "route" else "custom")
            span.setAttribute("http.route", template.path)
            correctOrigin()
        }
        isRouted = true
    }

    /**
     * Plugins that read what a proxy says of a request do so after its span has started, but before its
     * handler, which may write over it.
     */
    private fun correctOrigin() {
        if (call.request.origin !== call.request.local) {
            call.request.describeOrigin(pii, span::setAttribute)
        }
    }

    override fun done(failure: Throwable?) {
        var ending = failure
        var connection: TracedUpgrade? = null
        rules.quietly {
            // The application may have ended the span itself.
            if (span.isRecording) {
                val outcome = CallOutcome.of(call, failure, context[Job], session)
                conclude(outcome)
                ending = outcome.failure
                // Some engines say of each in the end that it was cancelled: it knows better itself.
                connection = session?.takeIf { it.hasBegun || outcome.isUpgrade }
            }
        }
        connection?.whenDone(call.application, ::endConnection) ?: door.end(handle, span, ending)
    }

    private fun endConnection(hasBegun: Boolean, failure: Throwable?) {
        if (!hasBegun) {
            span.setAttribute(CANCELLED, true)
        }
        door.end(door.current(), span, failure)
    }

    /** Writes down what is known when the call is done. */
    private fun conclude(outcome: CallOutcome) {
        outcome.writeTo(span, rules)
        unlessRecycled { writeDown() }
        rules.enrich(span, call)
    }

    private fun writeDown() {
        if (!isRouted) {
            correctOrigin()
        }
        if (call.response.isCommitted && rules.headers.isAnyWanted(pii)) {
            rules.headers.write("http.response.header", call.response.headers.allValues(), pii, span::setAttribute)
        }
    }
}

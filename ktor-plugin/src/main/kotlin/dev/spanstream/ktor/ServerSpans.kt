package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.SpanStatus
import io.ktor.http.HttpHeaders
import io.ktor.server.application.ApplicationCall
import io.ktor.server.plugins.origin
import io.ktor.server.request.ApplicationRequest
import io.ktor.server.request.httpMethod
import io.ktor.server.request.path
import io.ktor.server.routing.RoutingCall
import kotlinx.coroutines.CancellationException

// What a service span says of its request. Only what cannot identify a person.

private val PROPAGATION = listOf("sentry-trace", "baggage", "traceparent")

/** The headers that name the trace; several of one name are joined as one. */
internal fun ApplicationRequest.traceHeaders(): Map<String, String> =
    buildMap {
        for (name in PROPAGATION) {
            headers.getAll(name)?.let { put(name, it.joinToString(",")) }
        }
    }

/** The name until the route is known, which for an unmatched path is the name for good. */
internal fun ApplicationRequest.spanName(): String = httpMethod.value

/** What is known at the start, so that samplers and ignore rules can go by it. */
internal fun ApplicationRequest.startAttributes(): Map<String, Any?> =
    buildMap {
        put("sentry.op", "http.server")
        put("sentry.origin", "auto.http.ktor_server")
        put("sentry.segment.name.source", "url")
        put("http.request.method", httpMethod.value)
        put("url.scheme", origin.scheme)
        put("url.path", path())
        put("server.address", origin.serverHost)
        put("server.port", origin.serverPort)
        put("network.protocol.version", origin.version.removePrefix("HTTP/"))
    }

/** Runs the call and writes down how it ended. */
internal suspend fun ApplicationCall.endedBy(span: Span, proceed: suspend () -> Unit) {
    try {
        proceed()
    } catch (cancelled: CancellationException) {
        span.setAttribute("http.request.cancelled", true)
        throw cancelled
    } catch (thrown: Throwable) {
        // The engine answers outside of this hook, by this very rule.
        span.setAttribute("http.response.status_code", statusOf(thrown))
        throw thrown
    }
    response.status()?.let { status ->
        span.setAttribute("http.response.status_code", status.value)
        if (status.value >= FIRST_ERROR) {
            span.setStatus(SpanStatus.ERROR)
        }
    }
    response.headers[HttpHeaders.ContentLength]?.toLongOrNull()?.let {
        span.setAttribute(
            "http.response.body.size",
            it,
        )
    }
}

/** Names the span by the route that was chosen. */
internal fun Span.nameByRoute(call: RoutingCall) {
    val route = call.route.template()
    setName("${call.request.httpMethod.value} $route")
    setAttribute("sentry.segment.name.source", "route")
    setAttribute("http.route", route)
}

internal const val FIRST_ERROR = 400

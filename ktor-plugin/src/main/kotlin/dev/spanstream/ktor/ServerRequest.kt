package dev.spanstream.ktor

import io.ktor.http.HttpHeaders
import io.ktor.server.plugins.origin
import io.ktor.server.request.ApplicationRequest
import io.ktor.server.request.uri

// What a service span says of its request. What can identify a person is said only where it is welcome.

/** Methods are tokens that clients make up: what is none of these must not become a name. */
private val METHODS = setOf("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "CONNECT")

/** The headers that name the trace; empty if there is none to continue. Several of one name are joined as one. */
internal fun ApplicationRequest.traceHeaders(): Map<String, String> {
    val sentryTrace = joined("sentry-trace")
    val traceparent = joined("traceparent")
    if (sentryTrace == null && traceparent == null) {
        return emptyMap()
    }
    return buildMap {
        sentryTrace?.let { put("sentry-trace", it) }
        traceparent?.let { put("traceparent", it) }
        joined("baggage")?.let { put("baggage", it) }
    }
}

private fun ApplicationRequest.joined(name: String): String? =
    if (name in headers) headers.getAll(name)?.let { it.singleOrNull() ?: it.joinToString(",") } else null

/**
 * The method, as the client sent it: plugins may route a `HEAD` as `GET`. It is the name until the
 * route is known, which for an unmatched path is the name for good.
 */
internal fun ApplicationRequest.spanName(): String = local.method.value.takeIf { it in METHODS } ?: "HTTP"

/**
 * Says what is known at the start.
 *
 * @param named whether the application names the span
 */
internal fun ApplicationRequest.describe(
    rules: ServerRules,
    pii: Boolean,
    named: Boolean,
    put: (String, Any?) -> Unit,
) {
    put("sentry.op", "http.server")
    put("sentry.origin", "auto.http.ktor_server")
    put("sentry.segment.name.source", if (named) "custom" else "url")
    put("http.request.method", local.method.value)
    headers[HttpHeaders.ContentLength]?.toLongOrNull()?.takeIf { it >= 0 }?.let { put("http.request.body.size", it) }
    put("network.protocol.version", local.version.removePrefix("HTTP/"))
    describeOrigin(pii, put)
    if (pii) {
        headers[HttpHeaders.UserAgent]?.let { put("user_agent.original", it) }
    }
    rules.headers.write("http.request.header", headers, pii, put)
}

/** Says who asked for what, as far as a proxy says so if the application believes it. */
internal fun ApplicationRequest.describeOrigin(pii: Boolean, put: (String, Any?) -> Unit) {
    val scheme = origin.scheme
    val asked = serverAddress()
    val uri = uri
    val queryAt = uri.indexOf('?')
    val query = if (pii && queryAt >= 0) uri.substring(queryAt + 1).ifEmpty { null }?.let(::withoutSecrets) else null
    put("url.scheme", scheme)
    asked.host?.let { put("server.address", it) }
    asked.port?.let { put("server.port", it) }
    query?.let { put("url.query", it) }
    // A request to a proxy names a whole URL, with whatever secrets are in it.
    if (uri.startsWith('/')) {
        val path = if (queryAt < 0) uri else uri.substring(0, queryAt)
        put("url.path", path)
        if (asked.host != null) {
            put("url.full", "$scheme://${asked.authority(scheme)}$path${query?.let { "?$it" }.orEmpty()}")
        }
    }
    if (pii) {
        put("client.address", origin.remoteAddress)
    }
}

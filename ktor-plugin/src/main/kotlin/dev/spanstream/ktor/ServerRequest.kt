package dev.spanstream.ktor

import dev.spanstream.Tracer
import io.ktor.server.plugins.origin
import io.ktor.server.request.ApplicationRequest
import io.ktor.server.request.path

// What a service span says of its request. Only what cannot identify a person.

private val PROPAGATION = listOf("sentry-trace", "baggage", "traceparent")

/** Methods are tokens that clients make up: what is none of these must not become a name. */
private val METHODS = setOf("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "CONNECT")

/** The headers that name the trace; several of one name are joined as one. */
internal fun ApplicationRequest.traceHeaders(): Map<String, String> =
    buildMap {
        for (name in PROPAGATION) {
            headers.getAll(name)?.let { put(name, it.joinToString(",")) }
        }
    }

/**
 * The method, as the client sent it: plugins may route a `HEAD` as `GET`. It is the name until the
 * route is known, which for an unmatched path is the name for good.
 */
internal fun ApplicationRequest.spanName(): String = local.method.value.takeIf { it in METHODS } ?: "HTTP"

/** What samplers and ignore rules can go by; nothing if there are none. */
internal fun Tracer.earlyAttributes(request: ApplicationRequest): Map<String, Any?> =
    if (door.readsStartAttributes(this)) request.startAttributes() else emptyMap()

/** What is known at the start. */
internal fun ApplicationRequest.startAttributes(): Map<String, Any?> =
    buildMap {
        put("sentry.op", "http.server")
        put("sentry.origin", "auto.http.ktor_server")
        put("sentry.segment.name.source", "url")
        put("http.request.method", local.method.value)
        put("url.scheme", origin.scheme)
        // A request to a proxy names a whole URL, with whatever secrets are in it.
        put("url.path", path().takeIf { it.startsWith('/') })
        put("network.protocol.version", local.version.removePrefix("HTTP/"))
        val asked = serverAddress()
        put("server.address", asked.host)
        put("server.port", asked.port)
    }

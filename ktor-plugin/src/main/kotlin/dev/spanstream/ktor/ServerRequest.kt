package dev.spanstream.ktor

import dev.spanstream.Tracer
import io.ktor.http.HttpHeaders
import io.ktor.server.plugins.origin
import io.ktor.server.request.ApplicationRequest
import io.ktor.server.request.path
import io.ktor.server.request.uri

// What a service span says of its request. What can identify a person is said only where it is welcome.

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
internal fun Tracer.earlyAttributes(request: ApplicationRequest, captured: CapturedHeaders): Map<String, Any?> =
    if (door.readsStartAttributes(this)) request.startAttributes(captured, door.sendsDefaultPii(this)) else emptyMap()

/** What is known at the start. */
internal fun ApplicationRequest.startAttributes(captured: CapturedHeaders, pii: Boolean): Map<String, Any?> =
    buildMap {
        put("sentry.op", "http.server")
        put("sentry.origin", "auto.http.ktor_server")
        put("sentry.segment.name.source", "url")
        put("http.request.method", local.method.value)
        put("http.request.body.size", headers[HttpHeaders.ContentLength]?.toLongOrNull()?.takeIf { it >= 0 })
        put("network.protocol.version", local.version.removePrefix("HTTP/"))
        putAll(originAttributes(pii))
        if (pii) {
            put("user_agent.original", headers[HttpHeaders.UserAgent])
        }
        captured.write("http.request.header", headers, pii, ::put)
    }

/** Who asked for what, as far as a proxy says so if the application believes it. */
internal fun ApplicationRequest.originAttributes(pii: Boolean): Map<String, Any?> =
    buildMap {
        val scheme = origin.scheme
        val asked = serverAddress()
        // A request to a proxy names a whole URL, with whatever secrets are in it.
        val path = path().takeIf { it.startsWith('/') }
        val query = uri.substringAfter('?', "").takeIf { pii && it.isNotEmpty() }?.let(::withoutSecrets)
        put("url.scheme", scheme)
        put("url.path", path)
        put("url.query", query)
        put("server.address", asked.host)
        put("server.port", asked.port)
        if (path != null && asked.host != null) {
            put("url.full", "$scheme://${asked.authority(scheme)}$path${query?.let { "?$it" }.orEmpty()}")
        }
        if (pii) {
            put("client.address", origin.remoteAddress)
        }
    }

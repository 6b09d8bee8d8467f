package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.SpanStatus
import io.ktor.client.call.HttpClientCall
import io.ktor.client.plugins.isSaved
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.http.URLBuilder
import io.ktor.http.encodedPath
import kotlinx.coroutines.Job
import kotlinx.coroutines.job

// What a client span says of its request. Neither query nor credentials.

/** Method, scheme, host and path. */
internal fun HttpRequestBuilder.spanName(): String = "${method.value} ${url.withoutSecrets()}"

internal fun HttpRequestBuilder.startAttributes(): Map<String, Any?> =
    mapOf(
        "sentry.op" to "http.client",
        "sentry.origin" to "auto.http.ktor_client",
        "http.request.method" to method.value,
        "url.full" to url.withoutSecrets(),
        "server.address" to url.host,
        "server.port" to url.effectivePort(),
    )

/**
 * Ends the span when the body of the response is done, or has failed: now, if the client has read
 * the whole body already, as it does unless it is told to stream.
 */
internal fun Span.endsWith(call: HttpClientCall, caller: Job?) {
    val response = call.response
    setAttribute("http.response.status_code", response.status.value)
    if (response.status.value >= FIRST_ERROR) {
        setStatus(SpanStatus.ERROR)
    }
    if (response.isSaved) {
        end()
        return
    }
    call.coroutineContext.job.invokeOnCompletion { cause ->
        door.end(door.current(), this, cause?.let { bodyFailureOf(it, caller) })
    }
}

internal fun URLBuilder.effectivePort(): Int = if (port > 0) port else protocol.defaultPort

private fun URLBuilder.withoutSecrets(): String {
    val port = if (effectivePort() == protocol.defaultPort) "" else ":${effectivePort()}"
    val path = encodedPath
    val slash = if (path.isEmpty() || path.startsWith('/')) "" else "/"
    return "${protocol.name}://$host$port$slash$path"
}

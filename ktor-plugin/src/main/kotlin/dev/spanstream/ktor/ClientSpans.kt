package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.SpanStatus
import io.ktor.client.call.HttpClientCall
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.http.URLBuilder
import kotlinx.coroutines.job

// What a client span says of its request. Neither query nor credentials.

/** Method, host and path; a URL template keeps the cardinality low where the path does not. */
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

/** Ends the span when the body of the response is done, or has failed. */
internal fun Span.endsWith(call: HttpClientCall) {
    val status = call.response.status.value
    setAttribute("http.response.status_code", status)
    if (status >= FIRST_ERROR) {
        setStatus(SpanStatus.ERROR)
    }
    call.coroutineContext.job.invokeOnCompletion { end() }
}

internal fun URLBuilder.effectivePort(): Int = if (port > 0) port else protocol.defaultPort

private fun URLBuilder.withoutSecrets(): String {
    val port = if (effectivePort() == protocol.defaultPort) "" else ":${effectivePort()}"
    return "${protocol.name}://$host$port${encodedPathSegments.joinToString("/")}"
}

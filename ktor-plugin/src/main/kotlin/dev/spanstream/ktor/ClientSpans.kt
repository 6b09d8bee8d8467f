package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.SpanStatus
import io.ktor.client.call.HttpClientCall
import io.ktor.client.plugins.isSaved
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.statement.HttpResponse
import io.ktor.http.HttpMethod
import io.ktor.http.HttpProtocolVersion
import io.ktor.http.URLBuilder
import io.ktor.http.content.OutgoingContent
import io.ktor.http.contentLength
import io.ktor.http.encodedPath
import kotlinx.coroutines.Job

// What a client span says of its request. Neither query nor credentials.

/** Method and template, or else method, scheme, host and path. */
internal fun HttpRequestBuilder.spanName(): String = "${method.value} ${urlTemplate ?: url.withoutSecrets()}"

/** @param resends how often the request was sent before */
internal fun HttpRequestBuilder.startAttributes(
    captured: CapturedHeaders,
    pii: Boolean,
    resends: Int,
): Map<String, Any?> =
    buildMap {
        put("sentry.op", "http.client")
        put("sentry.origin", "auto.http.ktor_client")
        put("http.request.method", method.value)
        val query = if (pii) withoutSecrets(url.build().encodedQuery).ifEmpty { null } else null
        put("url.full", url.withoutSecrets() + query?.let { "?$it" }.orEmpty())
        put("url.query", query)
        put("url.template", urlTemplate)
        put("server.address", url.host)
        put("server.port", url.effectivePort())
        put("http.request.body.size", (body as? OutgoingContent)?.contentLength)
        put("http.request.resend_count", resends.takeIf { it > 0 })
        captured.write("http.request.header", this@startAttributes.headers.build(), pii, ::put)
    }

/**
 * Ends the span when the body of the response is done, or has failed: now, if the client has read
 * the whole body already, as it does unless it is told to stream.
 */
internal fun Span.endsWith(call: HttpClientCall, caller: Job?, captured: CapturedHeaders, pii: Boolean) {
    val response = call.response
    if (isRecording) {
        writeDown(response, captured, pii)
    }
    if (response.status.value >= FIRST_ERROR) {
        setStatus(SpanStatus.ERROR)
    }
    if (response.isSaved) {
        end()
        return
    }
    val session = call.attributes.getOrNull(EventSession.Key) ?: EventSession()
    session.whenDone(call) { cause -> door.end(door.current(), this, cause?.let { bodyFailureOf(it, caller) }) }
}

private fun Span.writeDown(response: HttpResponse, captured: CapturedHeaders, pii: Boolean) {
    setAttribute("http.response.status_code", response.status.value)
    setAttribute("network.protocol.version", response.version.asWritten())
    if (response.call.request.method != HttpMethod.Head) {
        response.contentLength()?.let { setAttribute("http.response.body.size", it) }
    }
    captured.write("http.response.header", response.headers, pii, ::setAttribute)
}

/** As servers say it, too: `1.1`, but `2`. */
private fun HttpProtocolVersion.asWritten() =
    when {
        name != "HTTP" -> "$this"
        minor == 0 && major > 1 -> "$major"
        else -> "$major.$minor"
    }

internal fun URLBuilder.effectivePort(): Int = if (port > 0) port else protocol.defaultPort

private fun URLBuilder.withoutSecrets(): String {
    val port = if (effectivePort() == protocol.defaultPort) "" else ":${effectivePort()}"
    val path = encodedPath
    val slash = if (path.isEmpty() || path.startsWith('/')) "" else "/"
    return "${protocol.name}://$host$port$slash$path"
}

package dev.spanstream.ktor

import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.request
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpMethod
import io.ktor.http.HttpProtocolVersion
import io.ktor.http.URLBuilder
import io.ktor.http.content.OutgoingContent
import io.ktor.http.encodedPath

// What a client span says of its request. Neither query nor credentials.

/** Method and template, or else method, scheme, host and path. */
internal fun HttpRequestBuilder.spanName(): String = "${method.value} ${urlTemplate ?: url.withoutSecrets()}"

/** @param resends how often the request was sent before */
internal fun HttpRequestBuilder.describe(
    captured: CapturedHeaders,
    pii: Boolean,
    resends: Int,
    put: (String, Any?) -> Unit,
) {
    put("sentry.op", "http.client")
    put("sentry.origin", "auto.http.ktor_client")
    put("http.request.method", method.value)
    val query = if (pii) withoutSecrets(url.build().encodedQuery).ifEmpty { null } else null
    put("url.full", url.withoutSecrets() + query?.let { "?$it" }.orEmpty())
    put("url.query", query)
    put("url.template", urlTemplate)
    put("server.address", url.host)
    put("server.port", url.effectivePort())
    put("http.request.resend_count", resends.takeIf { it > 0 })
    captured.write("http.request.header", headers.build(), pii, put)
    // Last, for it is the application's.
    put("http.request.body.size", (body as? OutgoingContent)?.contentLength)
}

internal fun HttpResponse.describe(captured: CapturedHeaders, pii: Boolean, put: (String, Any?) -> Unit) {
    put("http.response.status_code", status.value)
    put("network.protocol.version", version.asWritten())
    if (request.method != HttpMethod.Head) {
        headers[HttpHeaders.ContentLength]?.toLongOrNull()?.let { put("http.response.body.size", it) }
    }
    captured.write("http.response.header", headers, pii, put)
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

package dev.spanstream.samples.inbox

import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.time.Clock
import java.time.Instant
import java.time.ZoneOffset

/** An inbox at a fixed time, and a client that sends hand-made requests to it. */
class Lab(
    val inbox: Inbox,
) {
    val path = "/api/1/envelope/"
    val auth = "X-Sentry-Auth" to "Sentry sentry_version=7, sentry_client=test/1, sentry_key=$KEY"

    fun post(
        body: ByteArray,
        vararg headers: Pair<String, String> = arrayOf(auth),
        path: String = this.path,
    ): HttpResponse<String> {
        val request = HttpRequest
            .newBuilder(URI("http://127.0.0.1:${inbox.port}$path"))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        headers.forEach { (name, value) -> request.header(name, value) }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
    }

    fun post(body: String): HttpResponse<String> = post(body.encodeToByteArray(), auth)

    /** Sends one container and expects the 200 that says nothing about its spans. */
    fun send(vararg spans: String, trace: String? = DSC) {
        val response = post(envelope(container(*spans), spans.size, trace))
        check(response.statusCode() == 200) { "answered ${response.statusCode()}: ${response.body()}" }
    }

    companion object {
        val NOW: Instant = Instant.parse("2026-11-21T12:00:00Z")
        private val client = HttpClient.newHttpClient()

        suspend fun run(configure: InboxOptions.() -> Unit = {}, test: suspend Lab.() -> Unit) {
            val inbox = Inbox.start {
                clock = Clock.fixed(NOW, ZoneOffset.UTC)
                configure()
            }
            inbox.use { Lab(it).test() }
        }
    }
}

package dev.spanstream.samples.inbox

import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.time.Duration
import java.time.Instant

/** An inbox at a fixed time, and a client that sends hand-made requests to it. */
class Lab(
    val inbox: Inbox,
    val clock: TestClock = TestClock(),
) {
    val path = "/api/1/envelope/"
    val auth = "X-Sentry-Auth" to "Sentry sentry_version=7, sentry_client=test/1, sentry_key=$KEY"

    fun post(
        body: ByteArray,
        vararg headers: Pair<String, String> = arrayOf(auth),
        path: String = this.path,
    ): HttpResponse<String> = request("POST", path, body, *headers)

    fun post(body: String): HttpResponse<String> = post(body.encodeToByteArray(), auth)

    fun get(path: String, vararg headers: Pair<String, String>): HttpResponse<String> =
        request("GET", path, ByteArray(0), *headers)

    fun request(
        method: String,
        path: String,
        body: ByteArray,
        vararg headers: Pair<String, String>,
    ): HttpResponse<String> {
        val request = HttpRequest
            .newBuilder(URI("http://127.0.0.1:${inbox.port}$path"))
            .timeout(Duration.ofMinutes(1))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
        headers.forEach { (name, value) -> request.header(name, value) }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
    }

    /** Sends one container and expects the 200 that says nothing about its spans. */
    fun send(vararg spans: String, trace: String? = DSC) {
        val response = post(envelope(container(*spans), spans.size, trace))
        check(response.statusCode() == 200) { "answered ${response.statusCode()}: ${response.body()}" }
    }

    companion object {
        val NOW: Instant = Instant.parse("2026-11-21T12:00:00Z")
        private val client = HttpClient.newHttpClient()

        suspend fun run(configure: InboxOptions.() -> Unit = {}, test: suspend Lab.() -> Unit) {
            val clock = TestClock()
            val inbox = Inbox.start {
                this.clock = clock
                configure()
            }
            inbox.use { Lab(it, clock).test() }
        }
    }
}

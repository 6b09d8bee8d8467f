package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.coroutines.withSpan
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.java.Java
import io.ktor.client.request.get
import io.ktor.server.application.install
import io.ktor.server.netty.Netty
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import java.net.http.HttpClient.Version.HTTP_2

/** The one server engine and the one client engine that speak HTTP/2 without encryption. */
class Http2Test : StringSpec({
    val server = SocketServer(Netty) {
        enableHttp2 = true
        enableH2c = true
    }
    val sink = RecordingSink()
    val tracer = tracer(sink)

    "A request over HTTP/2 had another name, version, address or parent than over HTTP/1.1" {
        server.serveAt({
            install(ServerTracing) { this.tracer = tracer }
            routing { get("/orders/{id}") { call.respondText("four") } }
        }) { port ->
            HttpClient(Java) {
                engine { protocolVersion = HTTP_2 }
                install(ClientTracing) { this.tracer = tracer }
            }.use { client ->
                tracer.withSpan("caller") { repeat(2) { client.get("http://127.0.0.1:$port/orders/7?q=1") } }
            }
            val spans = sink.take(5).groupBy { it["sentry.op"] }
            val attempts = spans.getValue("http.client")
            for (span in spans.getValue("http.server")) {
                span.name shouldBe "GET /orders/{id}"
                span.status shouldBe SpanStatus.OK
                span["http.response.status_code"] shouldBe 200L
                span["network.protocol.version"] shouldBe "2"
                span["url.full"] shouldBe "http://127.0.0.1:$port/orders/7"
                span["server.port"] shouldBe port.toLong()
                attempts.count { it.spanId == span.parentSpanId } shouldBe 1
            }
            attempts.map { it["network.protocol.version"] } shouldBe listOf("2", "2")
        }
    }
})

package dev.spanstream.ktor

import dev.spanstream.coroutines.withSpan
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.request.get

class CioClientTracingTest : ClientTracingContract(CIO) {
    init {
        // Here alone, as Apache5 lets a request for such a URL wait for ever, whether it is traced or not.
        "Credentials in a URL were in the name or the URL of the span, or left a trace there" {
            val sink = RecordingSink()
            val tracer = tracer(sink)
            Shop().open { url ->
                HttpClient(CIO) { install(ClientTracing) { this.tracer = tracer } }.use { client ->
                    tracer.withSpan("caller") { client.get(url.replace("//", "//user:password@") + "/fine") }
                }
            }
            val (span, _) = sink.take(2)
            span.name shouldBe "GET http://127.0.0.1:${span["server.port"]}/fine"
            span["url.full"] shouldBe "http://127.0.0.1:${span["server.port"]}/fine"
        }
    }
}

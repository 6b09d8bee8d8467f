package dev.spanstream.ktor

import dev.spanstream.sink.SpanSink
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.server.application.install
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger

/** What becomes of spans that are on their way when the application stops. */
fun stops(server: TestServer) =
    stringSpec {
        "An application stopped without waiting for its spans" {
            val flushes = AtomicInteger()
            val sink = object : SpanSink by RecordingSink() {
                override fun flush(timeout: Duration) = flushes.incrementAndGet() > 0
            }
            val tracer = tracer(sink)
            server.serve({ install(ServerTracing) { this.tracer = tracer } }) { client ->
                client.get("/")
                flushes.get() shouldBe 0
            }
            flushes.get() shouldBe 1
        }
    }

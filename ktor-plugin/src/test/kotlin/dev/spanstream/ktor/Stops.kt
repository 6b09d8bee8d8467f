package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.sink.SpanSink
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.routing.route
import io.ktor.server.routing.routing
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger

/** What becomes of spans that are on their way when the application stops. */
fun stops(server: TestServer) =
    stringSpec {
        /** How often an application that has stopped waited for its spans. */
        suspend fun flushes(configure: Application.(Tracer) -> Unit): Int {
            val flushes = AtomicInteger()
            val sink = object : SpanSink by RecordingSink() {
                override fun flush(timeout: Duration) = flushes.incrementAndGet() > 0
            }
            val tracer = tracer(sink)
            server.serve({ configure(tracer) }) { client ->
                client.get("/")
                flushes.get() shouldBe 0
            }
            return flushes.get()
        }

        "An application stopped without waiting for its spans" {
            flushes { tracer -> install(ServerTracing) { this.tracer = tracer } } shouldBe 1
        }

        "An application waited for its spans once for each of its routes that are traced" {
            flushes { tracer ->
                routing {
                    for (path in listOf("/orders", "/shops", "/prices")) {
                        route(path) { install(ServerTracing) { this.tracer = tracer } }
                    }
                }
            } shouldBe 1
        }
    }

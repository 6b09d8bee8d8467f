package dev.spanstream.ktor

import dev.spanstream.coroutines.withSpan
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.apache5.Apache5
import io.ktor.client.engine.config
import io.ktor.client.request.get

/**
 * This engine notices a body that breaks off when its socket has been silent for a while, ten seconds by
 * default, and has no WebSockets.
 */
class Apache5ClientTracingTest :
    ClientTracingContract(Apache5.config { socketTimeout = 1_000 }, webSockets = false) {
    init {
        // It waits a second for that.
        "A request that the engine sends once more by itself made two spans" {
            val sink = RecordingSink()
            val tracer = tracer(sink)
            val shop = Shop()
            shop.open { url ->
                HttpClient(Apache5) { install(ClientTracing) { this.tracer = tracer } }.use { client ->
                    tracer.withSpan("caller") { client.get("$url/busy") }
                }
            }
            shop.headers.size shouldBe 2
            shop.headers.distinct().size shouldBe 1
            sink.take(2).map { it["http.response.status_code"] } shouldBe listOf(503L, null)
            sink.untaken().shouldBeEmpty()
        }
    }
}

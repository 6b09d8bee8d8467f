package dev.spanstream.samples.snippets.testing

import dev.spanstream.Tracer
import dev.spanstream.coroutines.withSpan
import dev.spanstream.ktor.ClientTracing
import dev.spanstream.ktor.ServerTracing
import dev.spanstream.sink.InMemorySpanSink
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.maps.shouldContain
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.server.testing.testApplication

class KtorTest :
    FunSpec({
        // region ktor
        test("an order is one trace, from the client to the service") {
            val sink = InMemorySpanSink()
            val tracer = Tracer.create {
                it.sink = sink
                it.tracesSampleRate = 1.0
            }
            testApplication {
                install(ServerTracing) { this.tracer = tracer }
                routing { get("/orders/{id}") { call.respondText("a book") } }
                val client = createClient { install(ClientTracing) { this.tracer = tracer } }

                tracer.withSpan("show order") { client.get("/orders/7") }
            }

            val request = sink.only("GET /orders/{id}")
            request.sentAttributes shouldContain ("http.response.status_code" to 200L)
            request.traceId shouldBe sink.only("show order").traceId
        }
        // endregion
    })

package dev.spanstream.ktor

import io.kotest.matchers.shouldBe
import io.ktor.client.request.prepareGet
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.install
import io.ktor.server.response.respondTextWriter
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.CompletableDeferred

class TestHostServerTracingTest : ServerTracingContract(TestHost) {
    init {
        // Here alone; see streams.
        "A span lasted as long as the body that is streamed" {
            val sink = RecordingSink()
            val tracer = tracer(sink)
            val goOn = CompletableDeferred<Unit>()
            TestHost.serve({
                install(ServerTracing) { this.tracer = tracer }
                routing {
                    get("/export") {
                        call.respondTextWriter {
                            write("1\n")
                            flush()
                            goOn.await()
                            write("2\n")
                        }
                    }
                }
            }) { client ->
                client.prepareGet("/export").execute { response ->
                    sink.take().name shouldBe "GET /export"
                    goOn.complete(Unit)
                    response.bodyAsText() shouldBe "1\n2\n"
                }
            }
        }
    }
}

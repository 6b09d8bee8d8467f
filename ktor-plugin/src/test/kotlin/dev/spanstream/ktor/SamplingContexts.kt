package dev.spanstream.ktor

import dev.spanstream.coroutines.SpanParent
import dev.spanstream.coroutines.traceContext
import dev.spanstream.coroutines.withSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.install
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import java.util.concurrent.ConcurrentLinkedQueue

/** What the sampler is given for a request. */
fun samplingContexts(server: TestServer) =
    stringSpec {
        val sink = RecordingSink()
        val given = ConcurrentLinkedQueue<Pair<Boolean, Any?>>()
        val tracer = tracer(sink) {
            setTracesSampler { context ->
                val hasCall = context.get("ktor_call") is ApplicationCall
                given += hasCall to context.spanContext.attributes["http.request.method"]
                1.0
            }
        }

        "The sampler could not go by the call and its attributes, or still had the call once the request was done" {
            val ended = CompletableDeferred<Unit>()
            server.serve({
                install(ServerTracing) { this.tracer = tracer }
                routing {
                    get("/") {
                        CoroutineScope(Dispatchers.Default).launch(traceContext()) {
                            ended.await()
                            tracer.withSpan("job", parent = SpanParent.None) { }
                        }
                        call.respondText("")
                    }
                }
            }) { client -> client.get("/") }

            sink.take().name shouldBe "GET /"
            ended.complete(Unit)
            sink.take().name shouldBe "job"
            given.shouldContainExactly(true to "GET", false to null)
        }
    }

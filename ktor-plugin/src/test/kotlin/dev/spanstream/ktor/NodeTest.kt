package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.sink.DropReason
import io.kotest.core.spec.style.StringSpec
import io.kotest.core.test.Enabled
import io.kotest.core.test.EnabledOrReasonIf
import io.kotest.matchers.maps.shouldContainKey
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.request.get
import io.ktor.client.request.parameter
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.install
import io.ktor.server.netty.Netty
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** A service of another SDK calls ours, and is called by it. Runs with the profile `node`. */
class NodeTest : StringSpec({
    val whereInstalled: EnabledOrReasonIf = {
        if (NodeService.isInstalled) Enabled.enabled else Enabled.disabled("@sentry/node is not installed: use -Pnode")
    }
    val sink = RecordingSink()

    fun ours(rate: Double): Tracer =
        tracer(sink) {
            dsn = "http://ours@127.0.0.1:9/2"
            release = "ktor@1"
            tracesSampleRate = rate
        }

    /** A service of ours that says in which trace it is, and what the service of the others says if it asks. */
    suspend fun serve(tracer: Tracer, other: String, talk: suspend (port: Int) -> Unit) =
        HttpClient(CIO) { install(ClientTracing) { this.tracer = tracer } }.use { client ->
            SocketServer(Netty).serveAt({
                install(ServerTracing) { this.tracer = tracer }
                routing {
                    get("/leaf") { call.respondText(tracer.traceHeaders().toJson()) }
                    get("/call") {
                        val answer = client.get("$other/leaf").bodyAsText()
                        call.respondText((tracer.traceHeaders() + ("answer" to answer)).toJson())
                    }
                }
            }, talk)
        }

    suspend fun ask(url: String, called: String? = null): Pair<NodeService.Trace, NodeService.Trace> =
        HttpClient(CIO).use { client ->
            val json = Json.parseToJsonElement(client.get(url) { parameter("url", called) }.bodyAsText()).jsonObject
            NodeService.Trace.of(json) to NodeService.Trace.of(json.getValue("answer").jsonPrimitive.content)
        }

    fun Pair<NodeService.Trace, NodeService.Trace>.shouldBeOne(sampled: String, publicKey: String) {
        val (head, leaf) = this
        leaf.id shouldBe head.id
        head.sampled shouldBe sampled
        leaf.sampled shouldBe sampled
        leaf.context shouldBe head.context
        leaf.context["sentry-public_key"] shouldBe publicKey
        leaf.context["sentry-trace_id"] shouldBe head.id
        leaf.context shouldContainKey "sentry-sample_rand"
    }

    for ((rate, sampled) in listOf(1.0 to "1", 0.0 to "0")) {
        "A trace that begins here was another one at @sentry/node, or decided otherwise: rate $rate".config(
            enabledOrReasonIf = whereInstalled,
        ) {
            NodeService(1 - rate).use { node ->
                serve(ours(rate), node.url) { port -> ask("http://127.0.0.1:$port/call").shouldBeOne(sampled, "ours") }
            }
            if (rate > 0) sink.take(2) else List(2) { sink.takeDrop() shouldBe DropReason.SAMPLE_RATE }
        }

        "A trace that begins at @sentry/node was another one here, or decided otherwise: rate $rate".config(
            enabledOrReasonIf = whereInstalled,
        ) {
            NodeService(rate).use { node ->
                serve(ours(1 - rate), node.url) { port ->
                    val trace = ask("${node.url}/call", "http://127.0.0.1:$port/leaf")
                    trace.shouldBeOne(sampled, "node")
                    if (rate > 0) {
                        sink.take().run {
                            traceId shouldBe trace.first.id
                            name shouldBe "GET /leaf"
                        }
                    } else {
                        sink.takeDrop() shouldBe DropReason.SAMPLE_RATE
                    }
                }
            }
        }
    }
})

private fun Map<String, String>.toJson() = JsonObject(mapValues { (_, value) -> JsonPrimitive(value) }).toString()

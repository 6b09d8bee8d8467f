package dev.spanstream.ktor.probe

import dev.spanstream.Tracer
import dev.spanstream.ktor.ClientTracing
import dev.spanstream.sink.InMemorySpanSink
import io.ktor.client.engine.cio.CIO
import io.ktor.server.engine.EmbeddedServer
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import kotlinx.coroutines.runBlocking
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers
import java.time.Duration
import java.util.concurrent.Executors

/** Many requests at a time to a [ProbeShop]. */
class Load(private val door: WatchedDoor, private val engine: String) {
    /** One round, with a server, a tracer and a client of its own. */
    fun run(requests: Int, neighbour: Boolean): Findings {
        val updates = door.updates.sum()
        val restores = door.restores.sum()
        val sink = InMemorySpanSink()
        return tracer(sink).use { tracer ->
            val healed = tracer.stats().healedContexts()
            val shop = ProbeShop(tracer, neighbour)
            io.ktor.client.HttpClient(CIO) { install(ClientTracing) { this.tracer = tracer } }.use { client ->
                serve(shop, client) { port ->
                    request(port, requests)
                    awaitEnd(tracer)
                }
            }
            val spans = sink.spans()
            Findings(
                updates = door.updates.sum() - updates,
                restores = door.restores.sum() - restores,
                dirty = shop.dirty.sum(),
                healed = tracer.stats().healedContexts() - healed,
                foreign = shop.foreign.sum(),
                spans = spans.size,
                lost = requests * SpanCheck.SPANS - spans.size,
                wrong = SpanCheck.wrong(spans, requests).size,
            )
        }
    }

    private fun tracer(sink: InMemorySpanSink) =
        Tracer.create { options ->
            options.setSink(sink)
            options.tracesSampleRate = 1.0
        }

    private fun serve(shop: ProbeShop, client: io.ktor.client.HttpClient, talk: (port: Int) -> Unit) {
        val server: EmbeddedServer<*, *> =
            when (engine) {
                "Netty" -> embeddedServer(Netty, 0, HOST) { shop.install(this, client) }
                "CIO" -> embeddedServer(io.ktor.server.cio.CIO, 0, HOST) { shop.install(this, client) }
                else -> error("Netty or CIO, not $engine")
            }
        server.start(wait = false)
        try {
            talk(runBlocking { server.engine.resolvedConnectors() }.first().port)
        } finally {
            server.stop(gracePeriodMillis = 0, timeoutMillis = 2_000)
        }
    }

    /** From plain threads, so that coroutines run nothing but what is looked at. */
    private fun request(port: Int, requests: Int) {
        val client = HttpClient.newHttpClient()
        val callers = Executors.newFixedThreadPool(CALLERS)
        (1..requests)
            .map { number ->
                callers.submit {
                    val answer = client.send(order(port, number), BodyHandlers.ofString())
                    check(answer.body() == "$number") { "Order $number: ${answer.statusCode()} ${answer.body()}" }
                }
            }.forEach { it.get() }
        callers.shutdown()
    }

    private fun order(port: Int, number: Int) =
        HttpRequest
            .newBuilder(URI("http://$HOST:$port/orders/$number"))
            .header("sentry-trace", "${SpanCheck.traceOf(number)}-${SpanCheck.callerOf(number)}-1")
            .POST(HttpRequest.BodyPublishers.ofString("$number"))
            .build()

    /** A client has its response before all is done; and what is forgotten is not worth waiting for. */
    private fun awaitEnd(tracer: Tracer) {
        val deadline = System.nanoTime() + PATIENCE.toNanos()
        while (System.nanoTime() < deadline &&
            (tracer.stats().open() > 0 || door.updates.sum() > door.restores.sum())
        ) {
            Thread.sleep(1)
        }
    }
}

private const val HOST = "127.0.0.1"
private const val CALLERS = 32
private val PATIENCE = Duration.ofSeconds(2)

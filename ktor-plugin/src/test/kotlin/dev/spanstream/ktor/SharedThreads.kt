package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.coroutines.withSpan
import dev.spanstream.sink.FinishedSpan
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.util.pipeline.PipelinePhase
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration.Companion.milliseconds

/**
 * Many requests share few threads, and each suspends several times with spans open: if a
 * context stays on a thread when its coroutine leaves it, the next request on that thread begins, or
 * goes on, with the spans of another. Without threads that take turns (a test host) nothing of that can show.
 */
fun sharedThreads(server: TestServer) = stringSpec {
    val sink = RecordingSink()
    val tracer = tracer(sink)

    "A request that suspends got the spans of another, or left its own on the thread" {
        val left = ConcurrentLinkedQueue<String>()
        val healed = tracer.stats().healedContexts()

        val inner = HttpClient(CIO) {
            engine { manyConnections() }
            install(ClientTracing) { this.tracer = tracer }
        }
        server.serve({ shop(tracer, inner, left) }) { client ->
            coroutineScope {
                (1..REQUESTS)
                    .map { number ->
                        async {
                            val trace = "${traceOf(number)}-${parentOf(number)}-1"
                            val answer = client.get("/orders/$number") { header("sentry-trace", trace) }
                            answer.bodyAsText() shouldBe "$number"
                        }
                    }.awaitAll()
            }
            val byTrace = sink.take(REQUESTS * SPANS).groupBy { it.traceId }
            byTrace.keys shouldHaveSize REQUESTS
            (1..REQUESTS).forEach { number -> byTrace.getValue(traceOf(number)).shouldBeTheTreeOf(number) }
        }

        inner.close()
        left.shouldBeEmpty()
        withClue("Requests left their context on a thread, and others met it there") {
            tracer.stats().healedContexts() shouldBe healed
        }
        tracer.stats().open() shouldBe 0
    }
}

private fun Application.shop(tracer: Tracer, inner: HttpClient, left: ConcurrentLinkedQueue<String>) {
    install(ServerTracing) { this.tracer = tracer }
    // Outside of the plugin: what the thread has when a request comes and when it is done.
    val outside = PipelinePhase("Outside")
    insertPhaseBefore(items.first(), outside)
    intercept(outside) {
        tracer.currentSpan()?.let { left += "before: ${it.name} on ${Thread.currentThread().name}" }
        proceed()
        tracer.currentSpan()?.let { left += "after: ${it.name} on ${Thread.currentThread().name}" }
    }
    routing {
        get("/orders/{id}") {
            val id = call.parameters["id"]
            tracer.withSpan("outer", mapOf("order" to id)) {
                delay(1.milliseconds)
                tracer.startSpan("java").use {
                    delay(1.milliseconds)
                    withContext(Dispatchers.IO) { tracer.startSpan("blocking").use { Thread.yield() } }
                    listOf("left", "right")
                        .map { name ->
                            async { tracer.withSpan(name) { delay(1.milliseconds) } }
                        }.awaitAll()
                }
                inner.get("http://127.0.0.1:${call.request.local.localPort}/stock/$id").bodyAsText()
                tracer.startSpan("last").close()
            }
            call.respondText("$id")
        }
        get("/stock/{id}") {
            tracer.withSpan("shelf") { delay(1.milliseconds) }
            call.respondText("17")
        }
    }
}

private fun List<FinishedSpan>.shouldBeTheTreeOf(number: Int) {
    val names = associate { it.spanId to it.name } + (parentOf(number) to "client")
    map { "${it.name} < ${names[it.parentSpanId]}".replace(PORT, "") }.shouldContainExactlyInAnyOrder(
        "GET /orders/{id} < client",
        "outer < GET /orders/{id}",
        "java < outer",
        "blocking < java",
        "left < java",
        "right < java",
        "last < outer",
        "GET http://127.0.0.1/stock/$number < outer",
        "GET /stock/{id} < GET http://127.0.0.1/stock/$number",
        "shelf < GET /stock/{id}",
    )
    first { it.name == "outer" }["order"] shouldBe "$number"
}

private val PORT = Regex("(?<=127.0.0.1):\\d+")

private fun traceOf(number: Int) = "%032x".format(number)

private fun parentOf(number: Int) = "%016x".format(number)

private const val REQUESTS = 1_000
private const val SPANS = 10

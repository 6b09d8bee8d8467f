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
import io.ktor.server.plugins.BadRequestException
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

/**
 * Many requests share few threads, and each suspends several times with spans open: if a
 * context stays on a thread when its coroutine leaves it, the next request on that thread begins, or
 * goes on, with the spans of another. Without threads that take turns (a test host) nothing of that can show.
 */
fun sharedThreads(server: TestServer) = stringSpec {
    val sink = RecordingSink()
    val tracer = tracer(sink)

    /** Sends many requests at once, each in a trace of its own, and returns the spans of each. */
    suspend fun byNumber(
        spans: Int,
        ask: suspend HttpClient.(number: Int, trace: String) -> Unit,
    ): Map<Int, List<FinishedSpan>> {
        lateinit var byTrace: Map<String, List<FinishedSpan>>
        val left = ConcurrentLinkedQueue<String>()
        val healed = tracer.stats().healedContexts()
        val inner = HttpClient(CIO) {
            engine { manyConnections() }
            install(ClientTracing) { this.tracer = tracer }
        }
        server.serve({ shop(tracer, inner, left) }) { client ->
            coroutineScope {
                (1..REQUESTS).map { async { client.ask(it, "${traceOf(it)}-${parentOf(it)}-1") } }.awaitAll()
            }
            byTrace = sink.take(REQUESTS * spans).groupBy { it.traceId }
        }
        inner.close()
        byTrace.keys shouldHaveSize REQUESTS
        left.shouldBeEmpty()
        withClue("Requests left their context on a thread, and others met it there") {
            tracer.stats().healedContexts() shouldBe healed
        }
        tracer.stats().open() shouldBe 0
        return (1..REQUESTS).associateWith { byTrace.getValue(traceOf(it)) }
    }

    "A request that suspends got the spans of another, or left its own on the thread" {
        byNumber(SPANS) { number, trace ->
            get("/orders/$number") { header("sentry-trace", trace) }.bodyAsText() shouldBe "$number"
        }.forEach { (number, spans) -> spans.shouldBeTheTreeOf(number) }
    }

    "A request that failed after it had suspended got the spans of another, or left its own on the thread" {
        byNumber(spans = 3) { number, trace ->
            get("/failing/$number") { header("sentry-trace", trace) }.status.value shouldBe 400
        }.forEach { (number, spans) ->
            val names = spans.associate { it.spanId to it.name } + (parentOf(number) to "client")
            spans.map { "${it.name} < ${names[it.parentSpanId]} ${it["error.type"]}" }.shouldContainExactlyInAnyOrder(
                "last < work null",
                "work < GET /failing/{id} io.ktor.server.plugins.BadRequestException",
                "GET /failing/{id} < client io.ktor.server.plugins.BadRequestException",
            )
        }
    }
}

private fun Application.shop(tracer: Tracer, inner: HttpClient, left: ConcurrentLinkedQueue<String>) {
    install(ServerTracing) { this.tracer = tracer }
    // What the thread has when a request comes and when it is done.
    outside {
        tracer.currentSpan()?.let { left += "before: ${it.name} on ${Thread.currentThread().name}" }
        try {
            proceed()
        } finally {
            tracer.currentSpan()?.let { left += "after: ${it.name} on ${Thread.currentThread().name}" }
        }
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
                    coroutineScope { launch { tracer.withSpan("launched") { delay(1.milliseconds) } } }
                    withTimeout(1.minutes) { tracer.withSpan("timed") { delay(1.milliseconds) } }
                }
                inner.get("http://127.0.0.1:${call.request.local.localPort}/stock/$id").bodyAsText()
                tracer.startSpan("last").close()
            }
            call.respondText("$id")
        }
        get("/failing/{id}") {
            tracer.withSpan("work") {
                withContext(Dispatchers.IO) { delay(1.milliseconds) }
                tracer.startSpan("last").use { throw BadRequestException("of which Ktor logs nothing") }
            }
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
        "launched < java",
        "timed < java",
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
private const val SPANS = 12

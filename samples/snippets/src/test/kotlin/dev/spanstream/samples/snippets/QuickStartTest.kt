package dev.spanstream.samples.snippets

import dev.spanstream.Traces
import dev.spanstream.coroutines.initTracing
import dev.spanstream.ktor.ClientTracing
import dev.spanstream.samples.inbox.Inbox
import dev.spanstream.samples.inbox.ReceivedTrace
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.java.Java
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.Application
import io.ktor.server.engine.EmbeddedServer
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import java.io.File
import java.time.Duration
import java.util.concurrent.TimeUnit

/** The quick starts of README.md, run as a newcomer runs them. */
class QuickStartTest :
    FunSpec({
        lateinit var inbox: Inbox

        beforeTest { inbox = Inbox.start() }

        afterTest { inbox.close() }

        fun onlyTrace(): ReceivedTrace {
            inbox.rejections().shouldBeEmpty()
            inbox.warnings().shouldBeEmpty()
            inbox.traces().size shouldBe 1
            return inbox.traces().single()
        }

        for (program in listOf("CoroutinesKt", "Checkout")) {
            test("$program prints what is to pay, ends by itself, and leaves no span behind") {
                run(program, inbox.dsn) shouldBe "to pay: 30\n"

                onlyTrace().edges().shouldContainExactlyInAnyOrder(
                    "check out" to null,
                    "look up price" to "check out",
                    "look up price" to "check out",
                )
            }
        }

        test("an order of the Ktor shop is one trace of its server and its client") {
            initTracing {
                dsn = inbox.dsn
                tracesSampleRate = 1.0
            }
            HttpClient(Java) { install(ClientTracing) }.use { traced ->
                serving({ shop(traced, "unused") }) { priceUrl ->
                    serving({ shop(traced, "$priceUrl/prices") }) { shopUrl ->
                        HttpClient(Java).use { it.get("$shopUrl/orders/book").bodyAsText() } shouldBe "to pay: 12"
                    }
                }
            }
            Traces.flush(Duration.ofSeconds(30)) shouldBe true
            Traces.close()

            onlyTrace().edges().shouldContainExactlyInAnyOrder(
                "GET /orders/{article}" to null,
                "GET prices" to "GET /orders/{article}",
                "GET /prices/{article}" to "GET prices",
            )
        }
    })

/** Runs a program of this module in a JVM of its own, and returns what it printed. */
private fun run(program: String, dsn: String): String {
    val output = File.createTempFile(program, ".txt").also { it.deleteOnExit() }
    val java = ProcessHandle
        .current()
        .info()
        .command()
        .get()
    val process =
        ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), "dev.spanstream.samples.snippets.$program")
            .apply { environment()["SENTRY_DSN"] = dsn }
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start()
    val ended = process.waitFor(1, TimeUnit.MINUTES)
    if (!ended) process.destroyForcibly()
    check(ended && process.exitValue() == 0) { "$program did not end well: ${output.readText()}" }
    return output.readText()
}

/** Runs [block] while a server on a free port serves [module]. */
private suspend fun serving(
    module: Application.() -> Unit,
    block: suspend (String) -> Unit,
) {
    val server: EmbeddedServer<*, *> = embeddedServer(Netty, port = 0, host = "127.0.0.1", module = module).start()
    try {
        val port =
            server.engine
                .resolvedConnectors()
                .first()
                .port
        block("http://127.0.0.1:$port")
    } finally {
        server.stop(gracePeriodMillis = 0, timeoutMillis = 1_000)
    }
}

/** Child and parent by name, with the port of this run left out. */
private fun ReceivedTrace.edges(): List<Pair<String, String?>> =
    spans.map { span -> label(span.name) to spans.find { it.spanId == span.parentSpanId }?.let { label(it.name) } }

private fun label(name: String) = if (name.startsWith("GET http:")) "GET prices" else name

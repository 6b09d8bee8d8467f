package dev.spanstream.streaming

import com.sun.net.httpserver.HttpServer
import dev.spanstream.Tracer
import dev.spanstream.TracingOptions
import dev.spanstream.pipeline.recordingWarnings
import dev.spanstream.samples.inbox.Inbox
import dev.spanstream.sink.DropReason
import dev.spanstream.sink.SpanSinkProvider
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.booleans.shouldBeFalse
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import kotlinx.coroutines.isActive
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.Proxy
import java.time.Duration
import java.util.ServiceLoader
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.TimeUnit
import java.util.zip.GZIPInputStream

private fun create(configure: (TracingOptions) -> Unit) =
    Tracer.create { options ->
        options.dsn = "http://key@127.0.0.1:1/1"
        configure(options)
    }

/** Takes any envelope, and counts the spans in it. */
private class Sidecar : AutoCloseable {
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
    val spanCounts = CopyOnWriteArrayList<Int>()
    val authorizations = CopyOnWriteArrayList<String?>()
    val url = "http://127.0.0.1:${server.address.port}/stream"

    @Volatile var answer = 200

    init {
        server.createContext("/stream") { exchange ->
            val envelope = GZIPInputStream(exchange.requestBody).readAllBytes().decodeToString()
            spanCounts += Regex("\"span_id\"").findAll(envelope).count()
            authorizations += exchange.requestHeaders.getFirst("X-Sentry-Auth")
            exchange.sendResponseHeaders(answer, -1)
            exchange.close()
        }
        server.start()
    }

    override fun close() = server.stop(0)

    fun use(block: (Sidecar) -> Unit): Sidecar = apply { AutoCloseable(::close).use { block(this) } }
}

class StreamingSinkProviderTest : StringSpec({
    "Nobody finds the pipeline" {
        ServiceLoader.load(SpanSinkProvider::class.java).toList().map { it.javaClass } shouldBe
            listOf(StreamingSinkProvider::class.java)
    }

    "A SOCKS proxy is taken for an HTTP proxy" {
        shouldThrow<IllegalArgumentException> {
            create { it.proxy = Proxy(Proxy.Type.SOCKS, InetSocketAddress.createUnresolved("proxy", 1080)) }
        }.message shouldContain "proxy must be an HTTP proxy"
    }

    "A sidecar does not get a copy of every span, or one that fails costs the receiver some" {
        Inbox.start().use { inbox ->
            Sidecar()
                .use { sidecar ->
                    for (answer in listOf(200, 503)) {
                        sidecar.answer = answer
                        val tracer = Tracer.create { options ->
                            options.dsn = inbox.dsn
                            options.spotlight = sidecar.url
                            options.tracesSampleRate = 1.0
                        }
                        tracer.startSpan("answered $answer").use { repeat(9) { tracer.startSpan("step").end() } }
                        tracer.flush(Duration.ofSeconds(30)).shouldBeTrue()
                        tracer.close()
                        tracer.stats().sent() shouldBe 10
                    }
                }.spanCounts shouldBe listOf(10, 10)
            inbox.awaitSpans(20)
            inbox.rejections().shouldBeEmpty()
        }
    }

    "A sidecar without a DSN gets nothing, or is not accounted for" {
        Sidecar()
            .use { sidecar ->
                val tracer = Tracer.create { options ->
                    options.spotlight = sidecar.url
                    options.tracesSampleRate = 1.0
                }
                tracer.startSpan("local").end()
                tracer.flush(Duration.ofSeconds(30)).shouldBeTrue()
                sidecar.answer = 503
                tracer.startSpan("refused").end()
                tracer.flush(Duration.ofSeconds(30)).shouldBeTrue()
                tracer.close()
                tracer.stats().sent() shouldBe 1
                tracer.stats().dropped() shouldBe mapOf(DropReason.SEND_ERROR to 1L)
            }.authorizations shouldBe listOf(null, null)
    }

    "A sidecar that is not running keeps spans in memory, or is complained of for each" {
        val warnings = recordingWarnings {
            val tracer = Tracer.create { options ->
                options.spotlight = "http://127.0.0.1:1/stream"
                options.tracesSampleRate = 1.0
            }
            repeat(3) {
                tracer.startSpan("nowhere to go").end()
                tracer.flush(Duration.ofSeconds(30)).shouldBeTrue()
            }
            tracer.close()
            tracer.stats().dropped() shouldBe mapOf(DropReason.NETWORK_ERROR to 3L)
        }
        warnings.single() shouldContain "127.0.0.1:1 did not answer"
    }

    "A client of the user's does not send, or is left open" {
        Inbox.start().use { inbox ->
            val clients = CopyOnWriteArrayList<HttpClient>()
            val tracer = Tracer.create { options ->
                options.dsn = inbox.dsn
                options.tracesSampleRate = 1.0
                options.sinkProvider = StreamingSinkProvider { HttpClient(CIO).also { clients += it } }
            }
            clients.shouldBeEmpty()
            tracer.startSpan("through CIO").end()
            tracer.flush(Duration.ofSeconds(30)).shouldBeTrue()
            tracer.close()
            inbox.awaitSpans(1).single().name shouldBe "through CIO"
            clients.single().isActive.shouldBeFalse()
        }
    }

    "Somebody who never closes the tracer loses the last spans, or the process does not end" {
        Inbox.start().use { inbox ->
            val process =
                ProcessBuilder(
                    System.getProperty("java.home") + "/bin/java",
                    "-cp",
                    System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path"),
                    ForgetfulApplication::class.java.name,
                    inbox.dsn,
                ).inheritIO().start()
            try {
                process.waitFor(120, TimeUnit.SECONDS).shouldBeTrue()
                process.exitValue() shouldBe 0
            } finally {
                process.destroyForcibly()
            }
            inbox.awaitSpans(1).single().name shouldBe "last words"
            inbox.rejections().shouldBeEmpty()
        }
    }
})

/** Ends a span and returns from `main`. */
internal object ForgetfulApplication {
    @JvmStatic
    fun main(arguments: Array<String>) {
        Tracer
            .create { options ->
                options.dsn = arguments.single()
                options.tracesSampleRate = 1.0
                // So long that even a machine that is busy with tests has loaded every class by then.
                options.shutdownTimeout = Duration.ofSeconds(60)
            }.startSpan("last words")
            .end()
    }
}

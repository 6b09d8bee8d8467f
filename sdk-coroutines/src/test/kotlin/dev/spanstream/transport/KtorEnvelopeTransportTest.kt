package dev.spanstream.transport

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import dev.spanstream.Dsn
import dev.spanstream.envelope.Envelope
import dev.spanstream.envelope.EnvelopeHeader
import dev.spanstream.internal.SdkInfo
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.booleans.shouldBeFalse
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.types.shouldBeInstanceOf
import io.ktor.client.HttpClient
import io.ktor.client.engine.java.Java
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.Proxy
import java.net.ServerSocket
import java.time.Instant
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicLong
import java.util.zip.GZIPInputStream
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.seconds

// One long file because it is one thing, what a server may do to a request, and one server that does it.

private val envelope = Envelope(EnvelopeHeader(Instant.EPOCH, dsn = null, trace = null), spans = null, report = null)

private fun Envelope.text() = ByteArrayOutputStream().also(::writeTo).toString(Charsets.UTF_8)

private fun dsn(port: Int, keys: String = "key") = Dsn.parse("http://$keys@127.0.0.1:$port/some/path/42")

private fun transport(port: Int) = KtorEnvelopeTransport(Endpoint.of(dsn(port))) { javaHttpClient(proxy = null) }

/** A server that does to each request what the test wants, and remembers from which port it came. */
private class Server(handle: (HttpExchange) -> Unit) : AutoCloseable {
    private val threads = Executors.newCachedThreadPool()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
    val clientPorts = CopyOnWriteArrayList<Int>()
    val port: Int get() = server.address.port

    init {
        server.executor = threads
        server.createContext("/") { exchange ->
            clientPorts += exchange.remoteAddress.port
            exchange.use(handle)
        }
        server.start()
    }

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
    }
}

private inline fun HttpExchange.use(block: (HttpExchange) -> Unit) = AutoCloseable(::close).use { block(this) }

private fun HttpExchange.answer(code: Int, body: String = "{}") {
    requestBody.readAllBytes()
    sendResponseHeaders(code, if (body.isEmpty()) -1 else body.length.toLong())
    responseBody.write(body.encodeToByteArray())
}

class KtorEnvelopeTransportTest : StringSpec({
    "A request is not what the receiver expects" {
        val seen = CopyOnWriteArrayList<String?>()
        Server { exchange ->
            seen += exchange.requestMethod + " " + exchange.requestURI
            listOf("X-Sentry-Auth", "Content-Type", "User-Agent", "Content-Encoding").forEach {
                seen += exchange.requestHeaders[it]?.joinToString()
            }
            seen += GZIPInputStream(exchange.requestBody).readBytes().decodeToString()
            exchange.answer(200)
        }.use { server ->
            transport(server.port).use { it.send(envelope) } shouldBe Answer.Status(200)
        }
        val client = "spanstream.java/${SdkInfo.VERSION}"
        seen shouldBe listOf(
            "POST /some/path/api/42/envelope/",
            "Sentry sentry_version=7, sentry_client=$client, sentry_key=key",
            "application/x-sentry-envelope",
            client,
            "gzip",
            envelope.text(),
        )
    }

    "The deprecated secret key is not sent where the DSN has one" {
        val seen = CopyOnWriteArrayList<String?>()
        Server { exchange ->
            seen += exchange.requestHeaders.getFirst("X-Sentry-Auth")
            exchange.answer(200)
        }.use { server ->
            KtorEnvelopeTransport(
                Endpoint.of(dsn(server.port, "key:hush")),
            ) { javaHttpClient(null) }.use { it.send(envelope) }
        }
        seen.single()?.substringAfter("sentry_key=") shouldBe "key, sentry_secret=hush"
    }

    listOf(200, 204, 302, 400, 401, 404, 413, 429, 500, 503).forEach { code ->
        "Status $code throws, is followed or is not told" {
            Server { exchange ->
                exchange.requestBody.readAllBytes()
                exchange.responseHeaders["Location"] = "/elsewhere"
                exchange.sendResponseHeaders(code, -1)
            }.use { server ->
                transport(server.port).use { it.send(envelope) } shouldBe Answer.Status(code)
                server.clientPorts shouldHaveSize 1
            }
        }
    }

    "Headers about rate limits are not told, or only the first of several" {
        Server { exchange ->
            exchange.responseHeaders.add("X-Sentry-Rate-Limits", "1:span:key")
            exchange.responseHeaders.add("x-sentry-rate-limits", "2::key")
            exchange.responseHeaders.add("Retry-After", "7")
            exchange.answer(429)
        }.use { server ->
            transport(server.port).use { it.send(envelope) } shouldBe Answer.Status(429, "1:span:key,2::key", "7")
        }
    }

    mapOf(
        "an empty answer" to "",
        "a short answer" to "{}",
        "a long answer" to "x".repeat(60_000),
    ).forEach { (what, body) ->
        "After $what the next request does not use the same connection" {
            Server { it.answer(200, body) }.use { server ->
                transport(server.port).use { transport -> repeat(3) { transport.send(envelope) } }
                server.clientPorts.distinct() shouldHaveSize 1
            }
        }
    }

    "A refused connection throws" {
        val port = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
        transport(port).use { it.send(envelope) }.shouldBeInstanceOf<Answer.None>()
    }

    "An unknown host throws" {
        KtorEnvelopeTransport(Endpoint.of(Dsn.parse("http://key@host.invalid/1"))) { javaHttpClient(null) }
            .use { it.send(envelope) }
            .shouldBeInstanceOf<Answer.None>()
    }

    "A receiver that hangs up without an answer throws" {
        ServerSocket(0, 50, InetAddress.getLoopbackAddress()).use { server ->
            thread(isDaemon = true) {
                try {
                    while (true) server.accept().use { it.getInputStream().read() }
                } catch (_: IOException) {
                    // The test has ended.
                }
            }
            transport(server.localPort).use { it.send(envelope) }.shouldBeInstanceOf<Answer.None>()
        }
    }

    "An answer without an end is read on and on" {
        val written = AtomicLong()
        Server { exchange ->
            exchange.requestBody.readAllBytes()
            exchange.sendResponseHeaders(200, 0)
            val junk = ByteArray(8 * 1024)
            // Until the client hangs up: then this throws and ends the exchange. Most of it is in buffers.
            while (written.get() < 1_000_000_000) {
                exchange.responseBody.write(junk)
                written.addAndGet(junk.size.toLong())
            }
        }.use { server ->
            transport(server.port).use { it.send(envelope) } shouldBe Answer.Status(200)
        }
        written.get() shouldBeLessThan 100_000_000
    }

    "A proxy is gone around" {
        val asked = CopyOnWriteArrayList<String>()
        Server { exchange ->
            asked += exchange.requestURI.toString()
            exchange.answer(200)
        }.use { proxy ->
            val address = InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port)
            val behind = Dsn.parse("http://key@receiver.invalid/1")
            KtorEnvelopeTransport(Endpoint.of(behind)) { javaHttpClient(Proxy(Proxy.Type.HTTP, address)) }
                .use { it.send(envelope) } shouldBe Answer.Status(200)
        }
        asked.single() shouldBe "http://receiver.invalid/api/1/envelope/"
    }

    "A transport that was closed throws, or still sends" {
        Server { it.answer(200) }.use { server ->
            val transport = transport(server.port)
            transport.send(envelope) shouldBe Answer.Status(200)
            transport.close()
            transport.send(envelope).shouldBeInstanceOf<Answer.None>()
            server.clientPorts shouldHaveSize 1
        }
    }

    "A client that is held up holds up its senders, is given more meanwhile, or nothing afterwards" {
        val thread = Executors.newSingleThreadExecutor()
        val hold = CountDownLatch(1)
        Server { it.answer(200) }.use { server ->
            // The first request of a cold JVM takes long.
            transport(server.port).use { it.send(envelope) } shouldBe Answer.Status(200)
            val client = { HttpClient(Java) { engine { dispatcher = thread.asCoroutineDispatcher() } } }
            KtorEnvelopeTransport(Endpoint.of(dsn(server.port)), timeout = 5.seconds, client).use { transport ->
                transport.send(envelope) shouldBe Answer.Status(200)
                thread.execute { hold.await() }
                listOf("No answer within 5s", "The client is busy", "The client is busy").forEach { why ->
                    transport
                        .send(envelope)
                        .shouldBeInstanceOf<Answer.None>()
                        .cause.message shouldContain why
                }
                hold.countDown()
                // Behind all that has waited for the thread.
                thread.submit {}.get()
                server.clientPorts shouldHaveSize 2
                transport.send(envelope) shouldBe Answer.Status(200)
            }
        }
        thread.shutdown()
    }

    "A client whose thread has ended with a request under way is taken for busy from then on" {
        val thread = Executors.newSingleThreadExecutor()
        val arrived = CompletableDeferred<Unit>()
        val hold = CountDownLatch(1)
        // The first request of a cold JVM takes long.
        Server { it.answer(200) }.use { server ->
            transport(server.port).use { it.send(envelope) } shouldBe Answer.Status(200)
        }
        Server {
            arrived.complete(Unit)
            hold.await()
        }.use { server ->
            val client = { HttpClient(Java) { engine { dispatcher = thread.asCoroutineDispatcher() } } }
            val transport = KtorEnvelopeTransport(Endpoint.of(dsn(server.port)), timeout = 5.seconds, client)
            try {
                val sending = async { transport.send(envelope) }
                arrived.await()
                thread.shutdown()

                fun Answer.why() = shouldBeInstanceOf<Answer.None>().cause.message
                sending.await().why() shouldContain "No answer within 5s"
                eventually(10.seconds) { transport.send(envelope).why().orEmpty() shouldNotContain "busy" }
            } finally {
                hold.countDown()
                transport.close()
            }
        }
    }

    "A cancelled sender does not learn that it was cancelled" {
        val arrived = CompletableDeferred<Unit>()
        val hold = CompletableDeferred<Unit>()
        Server { exchange ->
            arrived.complete(Unit)
            runBlocking { hold.await() }
            exchange.answer(200)
        }.use { server ->
            transport(server.port).use { transport ->
                val sending = async { transport.send(envelope) }
                arrived.await()
                sending.cancel()
                shouldThrow<CancellationException> { sending.await() }
                hold.complete(Unit)
            }
        }
    }

    // The JDK ends the one thread of a client when the client is collected; it looks every few seconds.
    "The thread of a client outlives it, though only the transport still refers to it" {
        fun clientThreads() = Thread.getAllStackTraces().keys.filter { it.name.endsWith("SelectorManager") }
        Server { it.answer(200) }.use { server ->
            val before = clientThreads().toSet()
            val transport = transport(server.port)
            transport.send(envelope)
            val its = (clientThreads() - before).single()
            transport.close()
            generateSequence(0) { it + 1 }.takeWhile { its.isAlive && it < 300 }.forEach {
                System.gc()
                its.join(100)
            }
            its.isAlive.shouldBeFalse()
            transport.send(envelope).shouldBeInstanceOf<Answer.None>()
        }
    }
})

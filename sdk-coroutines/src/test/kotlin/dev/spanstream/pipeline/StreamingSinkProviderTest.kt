package dev.spanstream.pipeline

import dev.spanstream.Tracer
import dev.spanstream.TracingOptions
import dev.spanstream.samples.inbox.Inbox
import dev.spanstream.sink.SpanSinkProvider
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.net.InetSocketAddress
import java.net.Proxy
import java.time.Duration
import java.util.ServiceLoader
import java.util.concurrent.TimeUnit

private fun create(configure: (TracingOptions) -> Unit) =
    Tracer.create { options ->
        options.dsn = "http://key@127.0.0.1:1/1"
        configure(options)
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

    "Spotlight without a DSN is ignored in silence" {
        shouldThrow<IllegalArgumentException> {
            Tracer.create { it.spotlight = "http://localhost:8969/stream" }
        }.message shouldContain "set dsn"
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

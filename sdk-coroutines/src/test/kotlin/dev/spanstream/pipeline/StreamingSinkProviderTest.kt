package dev.spanstream.pipeline

import dev.spanstream.Tracer
import dev.spanstream.TracingOptions
import dev.spanstream.samples.inbox.Inbox
import dev.spanstream.sink.SpanSinkProvider
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.booleans.shouldBeFalse
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.net.InetSocketAddress
import java.net.Proxy
import java.nio.file.Path
import java.time.Duration
import java.util.ServiceLoader
import java.util.concurrent.TimeUnit
import java.util.logging.Handler
import java.util.logging.Level
import java.util.logging.LogRecord
import java.util.logging.Logger

private fun create(configure: (TracingOptions) -> Unit) =
    Tracer.create { options ->
        options.dsn = "http://key@127.0.0.1:1/1"
        configure(options)
    }

/** What the calling thread is warned of meanwhile. */
private fun warningsOf(block: () -> Unit): List<String> {
    val warnings = mutableListOf<String>()
    val caller = Thread.currentThread()
    val handler = object : Handler() {
        override fun publish(record: LogRecord) {
            if (record.level == Level.WARNING && Thread.currentThread() === caller) warnings += record.message
        }

        override fun flush() = Unit

        override fun close() = Unit
    }
    val logger = Logger.getLogger("dev.spanstream")
    logger.addHandler(handler)
    try {
        block()
    } finally {
        logger.removeHandler(handler)
    }
    return warnings
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

    "Spotlight without a DSN fails the application, or is ignored in silence" {
        val warnings = warningsOf {
            val tracer = Tracer.create { options ->
                options.spotlight = "http://localhost:8969/stream"
                options.tracesSampleRate = 1.0
            }
            tracer.startSpan("nowhere to go").end()
            tracer.isEnabled.shouldBeFalse()
            tracer.close()
        }
        warnings.single() shouldContain "Set dsn"
    }

    "An option that has no effect yet is ignored in silence" {
        val warnings = warningsOf {
            create {
                it.spotlight = "http://localhost:8969/stream"
                it.spoolDirectory = Path.of("spool")
            }.close()
        }
        warnings.map { it.substringBefore(' ') } shouldBe listOf("spoolDirectory", "spotlight")
        warnings.forEach { it shouldContain "has no effect yet" }
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

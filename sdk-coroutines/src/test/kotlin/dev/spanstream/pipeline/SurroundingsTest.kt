package dev.spanstream.pipeline

import com.google.common.jimfs.Configuration
import com.google.common.jimfs.Jimfs
import dev.spanstream.Tracer
import dev.spanstream.Traces
import dev.spanstream.TracingOptions
import dev.spanstream.sink.DropReason
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.net.InetSocketAddress
import java.net.Proxy
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration

private const val WORK = 100L

/** What the SDK finds is not as it should be: a warning, once, and a count. */
class SurroundingsTest : StringSpec({
    /** Ends spans in traces of their own, and returns what was warned of. */
    fun warnings(
        dsn: String?,
        check: (Tracer) -> Unit,
        flush: Duration = Duration.ofSeconds(5),
        configure: TracingOptions.() -> Unit = {},
    ): List<String> =
        recordingWarnings {
            val tracer = Tracer.create { options ->
                options.dsn = dsn
                options.tracesSampleRate = 1.0
                options.configure()
            }
            repeat(WORK.toInt()) {
                Traces.newTrace()
                tracer.startSpan("work").end()
            }
            tracer.flush(flush)
            tracer.closeAndSettle()
            check(tracer)
        }

    fun dsn(port: Int) = "http://key@127.0.0.1:$port/1"

    fun nobody() = dsn(FaultyReceiver { _, _ -> Fault.NONE }.use { it.port })

    fun lost(reason: DropReason): (Tracer) -> Unit = { it.stats().dropped() shouldBe mapOf(reason to WORK) }

    "A web page in place of an answer counts as sent, or is complained of for each envelope" {
        val page = Fault.Respond(200, mapOf("Content-Type" to "text/html; charset=utf-8"))
        FaultyReceiver { _, _ -> page }.use { receiver ->
            warnings(dsn(receiver.port), lost(DropReason.SEND_ERROR)).single() shouldContain "answered with a web page"
        }
    }

    "A proxy that refuses makes spans be lost without a count, or is complained of for each envelope" {
        FaultyReceiver { _, _ -> Fault.Respond(403) }.use { proxy ->
            val address = InetSocketAddress("127.0.0.1", proxy.port)
            warnings("http://key@receiver.invalid/1", lost(DropReason.SEND_ERROR)) {
                this.proxy = Proxy(Proxy.Type.HTTP, address)
            }.single() shouldContain "answered 403"
        }
    }

    "A spool directory that cannot be made throws, or is complained of for each batch" {
        val file = Files.writeString(tempdir().toPath().resolve("file"), "in the way")
        // Those that no sender had come to yet count as what was too much.
        val lost: (Tracer) -> Unit = { tracer ->
            tracer.stats().dropped().keys shouldBe setOf(DropReason.NETWORK_ERROR, DropReason.BUFFER_OVERFLOW)
            tracer.stats().droppedTotal() shouldBe WORK
        }
        val warnings = warnings(nobody(), lost) { spoolDirectory = file }
        warnings shouldHaveSize 3
        warnings[0] shouldContain "spoolDirectory"
        warnings[1] shouldContain "did not answer"
        warnings[2] shouldContain "that closing may take"
    }

    "Spans that there was no time to send are lost without a word, or the word has another number" {
        FaultyReceiver { _, _ -> Fault.Hang }.use { receiver ->
            val lost: (Tracer) -> Unit = { it.stats().droppedTotal() shouldBe WORK }
            val warnings = warnings(dsn(receiver.port), lost, flush = Duration.ZERO) { shutdownTimeout = Duration.ZERO }
            warnings.single() shouldContain
                "Spans were not sent in the 0s that closing may take, and are lost: $WORK. Raise"
        }
    }

    "A close tells of spans that only Spotlight did not get, or not of those that the receiver did not get" {
        FaultyReceiver { _, _ -> Fault.Hang }.use { hanging ->
            val spotlight = "http://127.0.0.1:${hanging.port}/stream"
            val lost: (Tracer) -> Unit = { it.stats().droppedTotal() shouldBe WORK }
            for ((dsn, told) in listOf(dsn(hanging.port) to 1, null to 0)) {
                warnings(dsn, lost, flush = Duration.ZERO) {
                    this.spotlight = spotlight
                    shutdownTimeout = Duration.ofSeconds(1)
                } shouldHaveSize told
            }
        }
    }

    "A disk that is full throws, is complained of for each batch, or makes spans be lost without a count" {
        val disk = Jimfs.newFileSystem(
            Configuration
                .unix()
                .toBuilder()
                .setMaxSize(64L * 1024)
                .build(),
        )
        var spooled = 0L
        val warnings = warnings(
            nobody(),
            { tracer ->
                val stats = tracer.stats()
                stats.dropped().keys shouldBe setOf(DropReason.NETWORK_ERROR)
                stats.spooled() shouldBeGreaterThan 0
                stats.spooled() + stats.droppedTotal() shouldBe WORK
                spooled = stats.spooled()
            },
        ) {
            spoolDirectory = disk.getPath("/spool")
            shutdownTimeout = Duration.ofSeconds(60)
        }
        warnings shouldHaveSize 2
        warnings[1] shouldContain "cannot be written to the spool"
        disk.use { it.getPath("/spool").spoolFiles().sumOf(Path::spanCount) shouldBe spooled }
    }
})

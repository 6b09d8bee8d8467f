package dev.spanstream.pipeline

import dev.spanstream.Tracer
import dev.spanstream.Traces
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.shouldBe
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.CountDownLatch
import kotlin.io.path.name
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import kotlin.time.Duration.Companion.minutes

private const val BATCHES = 5
private const val SPANS_EACH = 10

/** The process ends without warning while the receiver is away. */
class KillTest : StringSpec({
    "A process that is killed takes along what it had put into the spool" {
        val directory = tempdir().toPath()
        val port = FaultyReceiver { _, _ -> Fault.NONE }.use { it.port }
        ChildJvm(SpoolingApplication::class, listOf("$port", "$directory")).use { child ->
            repeat(BATCHES) { child.output.readLine() }
            child.kill()
        }
        val spooled = directory.spoolFiles()
        spooled.size shouldBeGreaterThan BATCHES - 1
        // As if it had been killed a moment earlier, and as if the disk had lost the end of a file.
        val whole = spooled.first()
        whole.resolveSibling("${whole.name}.part").writeBytes(whole.readBytes().copyOf(100))
        val damaged = whole.resolveSibling(whole.name.replace(NUMBER, "-999999-"))
        damaged.writeBytes(whole.readBytes().dropLast(1).toByteArray())

        FaultyReceiver(port) { _, _ -> Fault.NONE }.use { receiver ->
            val next = tracer(port, directory)
            eventually(2.minutes) { directory.spoolFiles().shouldBeEmpty() }
            next.close()
            receiver.accepted shouldBe spooled.sumOf { it.spanCount() }
            next.stats().dropped().shouldBeEmpty()
        }
    }

    "Two processes that share a directory both send what is in it, or neither does" {
        val directory = tempdir().toPath()
        val port = FaultyReceiver { _, _ -> Fault.NONE }.use { it.port }
        ChildJvm(SpoolingApplication::class, listOf("$port", "$directory")).use { child ->
            repeat(BATCHES * 2) { child.output.readLine() }
            child.kill()
        }
        val spans = directory.spoolFiles().sumOf { it.spanCount() }
        FaultyReceiver(port) { _, _ -> Fault.Respond(200, afterMillis = 50) }.use { receiver ->
            val processes = List(2) { ChildJvm(ReplayingApplication::class, listOf("$port", "$directory")) }
            eventually(2.minutes) { directory.spoolFiles().shouldBeEmpty() }
            processes.forEach { it.close() }
            receiver.accepted shouldBe spans
            receiver.repetitions shouldBe 0
        }
    }
})

private val NUMBER = Regex("-\\d{6,}-")

private fun tracer(port: Int, directory: Path) =
    Tracer.create { options ->
        options.dsn = "http://key@127.0.0.1:$port/1"
        options.tracesSampleRate = 1.0
        options.spoolDirectory = directory
    }

/** Ends traces for ever, and prints a line whenever there is more in the spool. */
internal object SpoolingApplication {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val (port, directory) = arguments
        val tracer = tracer(port.toInt(), Path.of(directory))
        var seen = 0L
        while (true) {
            Traces.newTrace()
            tracer.startSpan("request").use { repeat(SPANS_EACH - 1) { tracer.startSpan("step").end() } }
            tracer.flush(Duration.ofSeconds(1))
            val spooled = tracer.stats().spooled()
            if (spooled > seen) {
                seen = spooled
                println("spooled $spooled")
            }
        }
    }
}

/** Sends what is in the spool until it is killed. */
internal object ReplayingApplication {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val (port, directory) = arguments
        tracer(port.toInt(), Path.of(directory))
        CountDownLatch(1).await()
    }
}

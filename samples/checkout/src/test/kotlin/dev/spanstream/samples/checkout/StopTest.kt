package dev.spanstream.samples.checkout

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlin.time.Duration.Companion.minutes

/** So many that they are under way. */
private const val ORDERS = "1000000"

class StopTest :
    FunSpec({
        lateinit var sample: Process

        beforeTest {
            val java = ProcessHandle
                .current()
                .info()
                .command()
                .get()
            val main = "dev.spanstream.samples.checkout.MainKt"
            val command = ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), main, ORDERS)
            command.environment().keys.removeAll { it.startsWith("SENTRY_") }
            sample = command.redirectErrorStream(true).start()
            // Also if this process is ended in between.
            Runtime.getRuntime().addShutdownHook(Thread(sample::destroyForcibly))
        }

        afterTest { sample.destroyForcibly() }

        test("whoever stops the sample sees that no span was lost, and no exception").config(
            timeout = 5.minutes,
            blockingTest = true,
        ) {
            val output = sample.inputReader()
            generateSequence(output::readLine).first { it.startsWith("trace ") }

            sample.toHandle().destroy() // As `kill` does it. The process itself would close its output, too.

            val rest = output.readLines()
            rest.filter { "Exception" in it || it.startsWith("FAILED") }.shouldBeEmpty()
            val stats = rest.single { it.startsWith("TracerStats[") }
            stats shouldContain "open=0"
            stats shouldContain "dropped={}"
            // It does not go through with the round.
            Regex("started=([0-9]+)").find(stats)!!.groupValues[1].toInt() shouldBeLessThan ORDERS.toInt()
            sample.waitFor() shouldBe 0
        }
    })

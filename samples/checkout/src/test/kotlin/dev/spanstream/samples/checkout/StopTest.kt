package dev.spanstream.samples.checkout

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

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
            val command = ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), main)
            command.environment().keys.removeAll { it.startsWith("SENTRY_") }
            sample = command.redirectErrorStream(true).start()
        }

        afterTest { sample.destroyForcibly() }

        test("whoever stops the sample sees that no span was lost, and no exception") {
            val output = sample.inputReader()
            generateSequence(output::readLine).first { it.startsWith("trace ") }

            sample.toHandle().destroy() // As `kill` does it. The process itself would close its output, too.

            val rest = output.readLines()
            rest.filter { "Exception" in it || it.startsWith("FAILED") }.shouldBeEmpty()
            val stats = rest.single { it.startsWith("TracerStats[") }
            stats shouldContain "open=0"
            stats shouldContain "dropped={}"
            sample.waitFor() shouldBe 0
        }
    })

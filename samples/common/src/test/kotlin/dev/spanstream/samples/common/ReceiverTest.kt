package dev.spanstream.samples.common

import dev.spanstream.Tracer
import dev.spanstream.TracerStats
import dev.spanstream.Traces
import dev.spanstream.sink.DropReason
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration

class ReceiverTest :
    FunSpec({
        val printed = mutableListOf<String>()
        lateinit var receiver: Receiver

        beforeTest {
            printed.clear()
            receiver = Receiver.choose(sentryDsn = null, isLive = false, print = printed::add)
        }

        afterTest { receiver.close() }

        /** Sends traces of one span each, and returns the stats of the closed tracer. */
        fun send(vararg names: String): TracerStats {
            val tracer =
                Tracer.create {
                    it.dsn = receiver.dsn
                    it.tracesSampleRate = 1.0
                    it.shutdownTimeout = Duration.ofSeconds(60) // The first request of a cold JVM takes long.
                }
            names.forEach { name ->
                Traces.isolate().use { tracer.run<RuntimeException>(name) { } }
            }
            tracer.close()
            return tracer.stats()
        }

        test("what was accepted is printed by start, then the stats, and the exit code is 0") {
            val stats = send("first", "second")

            receiver.report(stats) shouldBe 0
            printed.size shouldBe 3
            printed[0] shouldContain "✓ first "
            printed[1] shouldContain "✓ second "
            printed[2] shouldBe stats.toString()
        }

        test("of more traces than are wanted only the first are printed") {
            receiver.report(send("first", "second", "third"), mostTraces = 1) shouldBe 0

            printed[0] shouldContain "✓ first "
            printed[1] shouldBe "and 2 more traces"
        }

        test("a span that was not sent is a failure") {
            val stats = TracerStats(3, 0, 3, 2, 0, 0, mapOf(DropReason.NETWORK_ERROR to 1L), 0)

            receiver.report(stats) shouldBe 1
            printed.last() shouldBe "FAILED: of 3 sampled spans only 2 were sent"
        }

        test("a span that was left open is a failure") {
            receiver.report(TracerStats(1, 1, 0, 0, 0, 0, emptyMap(), 0)) shouldBe 1

            printed.last() shouldBe "FAILED: 1 spans were left open"
        }

        test("a span that was sent and not accepted is a failure") {
            receiver.report(TracerStats(1, 0, 1, 1, 0, 0, emptyMap(), 0)) shouldBe 1

            printed.last() shouldBe "FAILED: of 1 spans the inbox accepted 0"
        }

        test("with a DSN of Sentry's there is no inbox, and nothing but the stats to print") {
            val sentry = "https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/2"
            val stats = TracerStats(1, 0, 1, 0, 0, 0, mapOf(DropReason.SAMPLE_RATE to 1L), 0)
            Receiver.choose(sentry, isLive = false, print = printed::add).use {
                it.dsn shouldBe sentry
                it.pageUrl shouldBe null
                it.report(stats) shouldBe 0
            }
            printed.shouldContainExactly(stats.toString())
        }
    })

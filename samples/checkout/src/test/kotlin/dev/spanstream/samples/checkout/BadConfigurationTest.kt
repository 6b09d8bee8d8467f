package dev.spanstream.samples.checkout

import dev.spanstream.Traces
import dev.spanstream.coroutines.initTracing
import dev.spanstream.sink.DropReason
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.net.ServerSocket
import java.time.Duration

class BadConfigurationTest :
    FunSpec({
        afterTest { Traces.close() }

        test("a malformed DSN is refused with a message that names what is missing, not the key") {
            val refused = shouldThrow<IllegalArgumentException> { initTracing { dsn = "https://0123secret@host" } }
            refused.message shouldContain "project id"
            refused.message shouldNotContain "0123secret"
        }

        test("a rate of 1.5 is refused with a message that says what a rate is") {
            shouldThrow<IllegalArgumentException> { initTracing { tracesSampleRate = 1.5 } }
                .message shouldContain "from 0.0 (nothing) to 1.0 (everything)"
        }

        test("an unreachable receiver costs spans that are counted, and no request") {
            val nobody = ServerSocket(0).use { it.localPort }
            initTracing {
                dsn = "http://0123456789abcdef0123456789abcdef@127.0.0.1:$nobody/1"
                tracesSampleRate = 1.0
                shutdownTimeout = Duration.ofMillis(200)
            }
            val tracer = Traces.tracer()
            Checkout().use { checkout ->
                Driver(checkout.storefrontUrl).use { it.orderOne(0) shouldBe "total 13.8030" }
            }
            tracer.close()

            val stats = tracer.stats()
            stats.ended() shouldBe 9
            stats.open() shouldBe 0
            stats.buffered() shouldBe 0
            stats.dropped() shouldBe mapOf(DropReason.NETWORK_ERROR to 9L)
        }
    })

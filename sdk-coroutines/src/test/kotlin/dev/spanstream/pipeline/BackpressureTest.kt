package dev.spanstream.pipeline

import dev.spanstream.transport.Answer
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private val watched = settings.copy(maxBufferedSpans = 1_000, enableBackpressureHandling = true)

class BackpressureTest : StringSpec({
    "The sample rate is lowered too early, too fast or too far while memory is tight, or is not raised again" {
        lab(watched) {
            val gate = CompletableDeferred<Unit>()
            receiver.answer = { gate.await().let { Lab.OK } }
            end(750)
            pass(499.milliseconds)
            pipeline.downsampleFactor() shouldBe 0
            pass(1.milliseconds)
            pipeline.downsampleFactor() shouldBe 1
            pass(9_999.milliseconds)
            pipeline.downsampleFactor() shouldBe 1
            pass(1.milliseconds)
            pipeline.downsampleFactor() shouldBe 2
            pass(200.seconds)
            pipeline.downsampleFactor() shouldBe 10
            gate.complete(Unit)
            pass(10.seconds)
            pipeline.downsampleFactor() shouldBe 0
        }
    }

    "A rate limit does not lower the sample rate" {
        lab(watched) {
            receiver.answer = { Answer.Status(429, rateLimits = "5:span:key") }
            end(1)
            pipeline.awaitFlush(1.seconds).shouldBeTrue()
            pass(500.milliseconds)
            pipeline.downsampleFactor() shouldBe 1
            pass(10.seconds)
            pipeline.downsampleFactor() shouldBe 0
        }
    }

    "The sample rate is lowered though nobody wants that" {
        lab(watched.copy(enableBackpressureHandling = false)) {
            receiver.answer = { Answer.Status(429, rateLimits = "600:span:key") }
            end(1)
            pass(30.seconds)
            pipeline.downsampleFactor() shouldBe 0
        }
    }
})

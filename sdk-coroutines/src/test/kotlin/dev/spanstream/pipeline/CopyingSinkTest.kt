package dev.spanstream.pipeline

import dev.spanstream.envelope.FakeSpan
import dev.spanstream.sink.DropReason
import dev.spanstream.sink.SinkStats
import dev.spanstream.sink.SpanSink
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.mockk.clearMocks
import io.mockk.confirmVerified
import io.mockk.every
import io.mockk.mockk
import io.mockk.verify
import io.mockk.verifyOrder
import java.time.Duration

class CopyingSinkTest : StringSpec({
    val receiver = mockk<SpanSink>(relaxUnitFun = true)
    val copy = mockk<SpanSink>(relaxUnitFun = true)
    val sink = CopyingSink(receiver, copy)
    val second = Duration.ofSeconds(1)

    beforeTest { clearMocks(receiver, copy) }

    "A copy that cannot be made costs the receiver its span, or counts as dropped" {
        val span = FakeSpan()
        every { copy.accept(any()) } throws IllegalStateException("full")

        sink.accept(span)

        verifyOrder {
            receiver.accept(span)
            copy.accept(span)
        }
        confirmVerified(receiver)
    }

    "What the receiver refuses is copied all the same, or does not show" {
        every { receiver.accept(any()) } throws IllegalStateException("broken")

        shouldThrow<IllegalStateException> { sink.accept(FakeSpan()) }

        verify(exactly = 0) { copy.accept(any()) }
    }

    "The accounts are not those of the receiver, or the copy hears of drops" {
        val stats = SinkStats(3, 2, mapOf(DropReason.IGNORED to 1))
        every { receiver.stats() } returns stats
        every { receiver.downsampleFactor() } returns 4

        sink.stats() shouldBe stats
        sink.downsampleFactor() shouldBe 4
        sink.dropped(DropReason.SAMPLE_RATE, 7)

        verify { receiver.dropped(DropReason.SAMPLE_RATE, 7) }
        verify(exactly = 0) { copy.dropped(any(), any()) }
    }

    "A flush leaves the copy out, gives it more time than there is left, or answers for it" {
        every { receiver.flush(any()) } returns true
        every { copy.flush(any()) } returns false

        sink.flush(second) shouldBe true

        verifyOrder {
            receiver.flush(second)
            copy.flush(match { it < second })
        }
    }

    "A receiver that cannot be flushed or closed leaves the copy as it is" {
        every { receiver.flush(any()) } throws IllegalStateException("broken")
        every { receiver.close(any()) } throws IllegalStateException("broken")
        every { copy.flush(any()) } returns true

        shouldThrow<IllegalStateException> { sink.flush(second) }
        shouldThrow<IllegalStateException> { sink.close(second) }

        verifyOrder {
            copy.flush(match { it < second })
            copy.close(match { it < second })
        }
    }

    "A copy is told to hurry by less than no time" {
        every { receiver.flush(any()) } returns true
        every { copy.flush(any()) } returns true

        sink.flush(Duration.ZERO) shouldBe true
        sink.close(Duration.ZERO)

        verifyOrder {
            copy.flush(Duration.ZERO)
            copy.close(Duration.ZERO)
        }
    }
})

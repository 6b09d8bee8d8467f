package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason
import dev.spanstream.sink.FinishedSpan
import dev.spanstream.sink.SinkStats
import dev.spanstream.sink.SpanSink
import java.time.Duration

/** Gives every span to the [receiver], whose accounts are the ones that count, and a copy to another sink. */
internal class CopyingSink(private val receiver: SpanSink, private val copy: SpanSink) : SpanSink {
    override fun accept(span: FinishedSpan) {
        receiver.accept(span)
        try {
            copy.accept(span)
        } catch (e: Throwable) {
            // The span has been accepted, and must not be counted as dropped.
            Log.log(System.Logger.Level.DEBUG, "A span cannot be copied", e)
        }
    }

    override fun dropped(reason: DropReason, spans: Int) = receiver.dropped(reason, spans)

    override fun stats(): SinkStats? = receiver.stats()

    override fun downsampleFactor(): Int = receiver.downsampleFactor()

    override fun flush(timeout: Duration): Boolean {
        val start = System.nanoTime()
        try {
            return receiver.flush(timeout)
        } finally {
            copy.flush(timeout.leftSince(start))
        }
    }

    override fun close(timeout: Duration) {
        val start = System.nanoTime()
        try {
            receiver.close(timeout)
        } finally {
            copy.close(timeout.leftSince(start))
        }
    }

    private fun Duration.leftSince(start: Long): Duration =
        minusNanos(System.nanoTime() - start).coerceAtLeast(Duration.ZERO)
}

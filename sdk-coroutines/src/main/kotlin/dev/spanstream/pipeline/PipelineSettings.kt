package dev.spanstream.pipeline

import dev.spanstream.TracingOptions
import java.nio.file.Path
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.toKotlinDuration

/**
 * The numbers that the pipeline runs on.
 *
 * @property maxSpansPerEnvelope a batch never has more spans; 1,000 by the protocol
 * @property maxBytesPerEnvelope a batch that would pass it by estimate is sealed first, and one that does is sent in parts; 5 MB by the protocol
 * @property flushInterval how long a span may wait for others of its trace
 * @property serviceSpanDelay how long those that end just after their service span are waited for
 * @property tick how long an ended span may stay where it ended before the batcher fetches it
 * @property maxBufferedSpans how many spans there may be between [StreamingPipeline.accept] and the
 *   answer of the receiver
 * @property maxBufferedBytes how many bytes they may take, by estimate
 * @property senders how many requests may be under way at once
 * @property attempts how often a batch is sent if there is no spool
 * @property spoolDirectory where to keep what cannot be sent; null if nowhere
 * @property isCopy whether these spans are only shown locally, so that none is missed where one is lost
 */
internal data class PipelineSettings(
    val maxSpansPerEnvelope: Int = 1_000,
    val maxBytesPerEnvelope: Long = 5_000_000,
    val flushInterval: Duration,
    val serviceSpanDelay: Duration = 500.milliseconds,
    val tick: Duration = 100.milliseconds,
    val maxBufferedSpans: Int,
    val maxBufferedBytes: Long,
    val senders: Int = 8,
    val spoolDirectory: Path? = null,
    val isCopy: Boolean = false,
    val attempts: Attempts = Attempts.PATIENT,
    val sendClientReports: Boolean = true,
    val enableBackpressureHandling: Boolean = true,
) {
    /** The same for a copy: nothing is kept for it, and its trouble is nobody's. */
    fun forCopy(): PipelineSettings =
        copy(
            spoolDirectory = null,
            isCopy = true,
            attempts = Attempts.ONCE,
            sendClientReports = false,
            enableBackpressureHandling = false,
        )

    companion object {
        fun of(options: TracingOptions): PipelineSettings =
            PipelineSettings(
                maxSpansPerEnvelope = options.maxSpansPerEnvelope,
                flushInterval = options.flushInterval.toKotlinDuration(),
                maxBufferedSpans = options.maxBufferedSpans,
                maxBufferedBytes = options.maxBufferedBytes,
                spoolDirectory = options.spoolDirectory,
                sendClientReports = options.sendClientReports,
                enableBackpressureHandling = options.enableBackpressureHandling,
            )
    }
}

package dev.spanstream.samples.inbox

import java.time.Clock
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * What an inbox keeps, prints and answers. Set in the block that is given to [Inbox.start]; every value has a default.
 *
 * ```
 * Inbox.start { maxTraces = 10 }
 * ```
 */
public class InboxOptions internal constructor() {
    /** How many traces are kept; the one that was quiet for longest goes first. Default: 1,000. */
    public var maxTraces: Int = 1_000

    /** How many spans are kept, over all traces; the trace that was quiet for longest goes first. Default: 50,000. */
    public var maxSpans: Int = 50_000

    /**
     * How many payload bytes the kept spans may have had, over all traces; in memory they are several times as large.
     * Default: 32 MiB.
     */
    public var maxSpanBytes: Long = 32 * MIB

    /** How many requests are kept for [Inbox.envelopes]. Default: 1,000. */
    public var maxEnvelopes: Int = 1_000

    /**
     * How many bytes the kept requests may take in memory, roughly; the newest request is kept whatever its size.
     * Default: 64 MiB.
     */
    public var maxEnvelopeLogBytes: Long = 64 * MIB

    /** How many rejections, and how many warnings, are kept. Default: 1,000 of each. */
    public var maxFindings: Int = 1_000

    /** How many bytes a body may have after decompression; beyond it the answer is 413. Default: 200 MiB. */
    public var maxEnvelopeSize: Int = (200 * MIB).toInt()

    /** How long a client may take for a body; beyond it the answer is 408. Default: 30 s. */
    public var bodyTimeout: Duration = 30.seconds

    /**
     * Gets each finished trace as a tree, and each rejection as a line; null, the default, prints nothing.
     * Called from threads of the inbox, one call at a time.
     */
    public var print: ((String) -> Unit)? = null

    /**
     * How long after its last envelope a trace counts as finished, once a service span has been seen. A trace without
     * one gets six times as long, as in Sentry. Default: 1 s.
     */
    public var traceQuietPeriod: Duration = 1.seconds

    /** The clock that decides what is too old and what lies in the future. Default: the system's. */
    public var clock: Clock = Clock.systemUTC()

    /**
     * Plans the answer to a request; null leaves it to the inbox. It is asked once for every request, the refused ones
     * too, before anything is stored, and may suspend to keep the client waiting; for several at once, if they come
     * at once. Default: null, so that the inbox answers.
     *
     * ```
     * respond = { envelope -> PlannedAnswer(503).takeIf { envelope.items.any { it.type == "span" } } }
     * ```
     */
    public var respond: (suspend (ReceivedEnvelope) -> PlannedAnswer?)? = null

    internal fun check() {
        val limits = mapOf(
            "maxTraces" to maxTraces.toLong(),
            "maxSpans" to maxSpans.toLong(),
            "maxSpanBytes" to maxSpanBytes,
            "maxEnvelopes" to maxEnvelopes.toLong(),
            "maxEnvelopeLogBytes" to maxEnvelopeLogBytes,
            "maxFindings" to maxFindings.toLong(),
            "maxEnvelopeSize" to maxEnvelopeSize.toLong(),
        )
        limits.forEach { (name, value) -> require(value > 0) { "$name must be positive: $value" } }
        require(bodyTimeout.isPositive()) { "bodyTimeout must be positive: $bodyTimeout" }
        require(traceQuietPeriod.isPositive()) { "traceQuietPeriod must be positive: $traceQuietPeriod" }
    }

    private companion object {
        const val MIB = 1024L * 1024
    }
}

package dev.spanstream.pipeline

import dev.spanstream.envelope.ClientReport
import dev.spanstream.envelope.EncodedSpans
import dev.spanstream.envelope.Envelope
import dev.spanstream.envelope.EnvelopeHeader
import dev.spanstream.transport.Answer
import dev.spanstream.transport.EnvelopeTransport
import dev.spanstream.transport.RateLimits
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import java.time.Instant
import java.time.InstantSource

/**
 * One attempt at a time: puts an envelope together, lets what there is to report ride along, and
 * listens to what the answer says about rate limits.
 *
 * @param dsn what envelopes say of where they go; null if nothing
 */
internal class Post(
    private val dsn: String?,
    private val transport: EnvelopeTransport,
    private val rateLimits: RateLimits,
    private val reports: ClientReports?,
    private val wallClock: InstantSource,
) {
    private val unreported = Complaint()

    /** Sends spans of the trace whose dynamic sampling context is [trace]. */
    suspend fun send(spans: EncodedSpans, trace: Map<String, String>): Answer {
        val now = wallClock.instant()
        return send(spans, trace, reports?.take(now), now)
    }

    /**
     * Sends what there is to report on its own, if there is anything and it may be sent. Throws only if
     * cancelled: a report that did not arrive can go later.
     */
    suspend fun sendReport() {
        if (rateLimits.forbidEverything()) return
        val now = wallClock.instant()
        try {
            reports?.take(now)?.let { send(spans = null, trace = null, it, now) }
        } catch (e: Throwable) {
            currentCoroutineContext().ensureActive()
            unreported.about("A client report cannot be sent", e)
        }
    }

    private suspend fun send(
        spans: EncodedSpans?,
        trace: Map<String, String>?,
        report: ClientReport?,
        now: Instant,
    ): Answer {
        var arrived = false
        try {
            val header = EnvelopeHeader(now, dsn, trace)
            val answer = transport.send(Envelope(header, spans, report))
            arrived = answer is Answer.Status && answer.isSuccess
            if (answer is Answer.Status) rateLimits.update(answer)
            return answer
        } finally {
            // Also if this attempt is cancelled.
            if (!arrived && report != null) reports?.putBack(report)
        }
    }
}

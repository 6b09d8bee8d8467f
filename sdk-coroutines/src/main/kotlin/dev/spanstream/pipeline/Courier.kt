package dev.spanstream.pipeline

import dev.spanstream.envelope.EncodedSpans
import dev.spanstream.envelope.SpanEncoder
import dev.spanstream.sink.DropReason
import dev.spanstream.transport.Answer
import dev.spanstream.transport.RateLimits
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive

/**
 * Takes one sealed batch to the receiver, and enters in its account what became of it: encodes it,
 * honours rate limits, tries again where that can help, halves what is too large.
 *
 * Several senders use it at once; what changes is in the batch, or in parts that are thread-safe.
 */
internal class Courier(
    private val post: Post,
    private val rateLimits: RateLimits,
    private val retries: Retries,
) {
    private val unsent = Complaint()
    private val unencoded = Complaint()
    private val failed = Complaint()
    private val encoder = SpanEncoder { unencoded.about("A span cannot be encoded", it) }

    /** Delivers the batch or drops it, and closes it in any case; throws only if cancelled. */
    suspend fun deliver(batch: Batch) {
        try {
            if (rateLimits.forbidSpans()) {
                batch.pending = DropReason.RATELIMIT_BACKOFF
            } else {
                batch.pending = DropReason.INTERNAL_SDK_ERROR
                for ((trace, encoded) in encode(batch)) deliver(encoded, trace, batch)
            }
        } catch (e: Throwable) {
            // Not every cancellation is ours: one that came from elsewhere must not end a sender.
            currentCoroutineContext().ensureActive()
            batch.pending = DropReason.INTERNAL_SDK_ERROR
            failed.about("A batch of spans cannot be sent", e)
        } finally {
            batch.close()
        }
    }

    /** What goes into each envelope, of which there is most often one, by the context that it names. */
    private fun encode(batch: Batch): Map<Map<String, String>, EncodedSpans> {
        // Now, not earlier: the service span may have got its name after this batch was sealed.
        val encoded = bySamplingContext(batch.spans).mapValues { encoder.encode(it.value) }
        batch.dropped(DropReason.INTERNAL_SDK_ERROR, batch.spans.size - encoded.values.sumOf(EncodedSpans::count))
        batch.unload()
        return encoded.filterValues { it.count > 0 }
    }

    private suspend fun deliver(spans: EncodedSpans, trace: Map<String, String>, batch: Batch) {
        batch.pending = DropReason.NETWORK_ERROR
        when (val verdict = sendUntilDecided(spans, trace, batch)) {
            Verdict.Taken -> batch.sent(spans.count)
            Verdict.Refused -> batch.refused(spans.count)
            Verdict.TooLarge -> spans.halves().toList().forEach { deliver(it, trace, batch) }
            is Verdict.TryAgain -> batch.dropped(verdict.failure, spans.count)
            is Verdict.Hopeless -> batch.dropped(verdict.failure, spans.count)
        }
    }

    /** The last verdict: [Verdict.TryAgain] if there was no memory left to wait for another one. */
    private suspend fun sendUntilDecided(spans: EncodedSpans, trace: Map<String, String>, batch: Batch): Verdict {
        var attempt = 1
        while (true) {
            // The last answer may have named a limit, or another sender may have met one meanwhile.
            if (rateLimits.forbidSpans()) return Verdict.Hopeless(DropReason.RATELIMIT_BACKOFF)
            val answer = post.send(spans, trace)
            val verdict = judge(answer, spans.count, attempt)
            if (verdict == Verdict.Taken) unsent.isSettled() else unsent.about(describe(answer))
            if (verdict !is Verdict.TryAgain) return verdict
            batch.pending = verdict.failure
            if (!retries.awaitBefore(++attempt)) return verdict
        }
    }

    private fun describe(answer: Answer): String =
        when (answer) {
            is Answer.Status -> "The receiver answered ${answer.code} to an envelope of spans"
            is Answer.None -> "The receiver did not answer: ${answer.cause}"
        }
}

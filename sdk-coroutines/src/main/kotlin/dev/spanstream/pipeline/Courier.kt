package dev.spanstream.pipeline

import dev.spanstream.envelope.EncodedSpans
import dev.spanstream.envelope.SpanEncoder
import dev.spanstream.sink.DropReason
import dev.spanstream.transport.RateLimits

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
    private val complaints = Complaints()
    private val encoder = SpanEncoder { log.log(System.Logger.Level.WARNING, "A span cannot be encoded", it) }

    /** Delivers the batch or drops it, and closes it in any case, cancellation included. */
    suspend fun deliver(batch: Batch) {
        try {
            if (rateLimits.forbidSpans()) {
                batch.pending = DropReason.RATELIMIT_BACKOFF
            } else {
                batch.pending = DropReason.INTERNAL_SDK_ERROR
                // Now, not earlier: the service span may have got its name after this batch was sealed.
                val trace = batch.spans
                    .first()
                    .tree.dynamicSamplingContext
                val encoded = encode(batch)
                if (encoded.count > 0) deliver(encoded, trace, batch)
            }
        } finally {
            batch.close()
        }
    }

    private fun encode(batch: Batch): EncodedSpans {
        val encoded = encoder.encode(batch.spans)
        batch.dropped(DropReason.INTERNAL_SDK_ERROR, batch.spans.size - encoded.count)
        batch.unload()
        return encoded
    }

    private suspend fun deliver(spans: EncodedSpans, trace: Map<String, String>, batch: Batch) {
        batch.pending = DropReason.NETWORK_ERROR
        when (val verdict = sendUntilDecided(spans, trace, batch)) {
            Verdict.Taken -> {
                batch.sent(spans.count)
            }

            Verdict.Refused -> {
                batch.refused(spans.count)
            }

            is Verdict.TryAgain -> {
                batch.dropped(verdict.meanwhile, spans.count)
            }

            is Verdict.Hopeless -> {
                batch.dropped(verdict.reason, spans.count)
            }

            Verdict.TooLarge -> {
                if (spans.count == 1) {
                    batch.dropped(DropReason.SEND_ERROR, 1)
                } else {
                    val (first, second) = spans.halves()
                    deliver(first, trace, batch)
                    deliver(second, trace, batch)
                }
            }
        }
    }

    /** The last verdict: [Verdict.TryAgain] if there was no memory left to wait for another one. */
    private suspend fun sendUntilDecided(spans: EncodedSpans, trace: Map<String, String>, batch: Batch): Verdict {
        var attempt = 1
        while (true) {
            val answer = post.send(spans, trace)
            val verdict = judge(answer, attempt)
            complaints.about(answer, verdict)
            if (verdict !is Verdict.TryAgain) return verdict
            batch.pending = verdict.meanwhile
            if (!retries.awaitBefore(++attempt)) return verdict
            // The answer may have named a limit, or another sender may have met one meanwhile.
            if (rateLimits.forbidSpans()) return Verdict.Hopeless(DropReason.RATELIMIT_BACKOFF)
        }
    }

    private companion object {
        val log: System.Logger = System.getLogger("dev.spanstream")
    }
}

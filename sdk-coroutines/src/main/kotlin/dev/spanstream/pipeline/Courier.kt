package dev.spanstream.pipeline

import dev.spanstream.envelope.SpanEncoder
import dev.spanstream.sink.DropReason
import dev.spanstream.transport.Answer
import dev.spanstream.transport.Endpoint
import dev.spanstream.transport.RateLimits
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.isActive
import java.util.EnumMap

/**
 * Takes one sealed batch to the receiver, and enters in its account what became of it: encodes it,
 * honours rate limits, tries again where that can help, halves what is too large, and puts into the
 * spool what does not get through.
 *
 * Several senders use it at once; what changes is in the batch, or in parts that are thread-safe.
 *
 * @param spool null if there is none: then what does not get through is dropped
 * @param onTaken called when something has got through
 */
internal class Courier(
    private val endpoint: Endpoint,
    private val post: Post,
    private val rateLimits: RateLimits,
    private val retries: Retries,
    private val spool: Spool?,
    private val maxBytesPerEnvelope: Long,
    private val onTaken: () -> Unit = {},
) {
    private val unsent = Complaint()
    private val unencoded = Complaint()
    private val unspooled = Complaint()
    private val failed = Complaint()
    private val encoder = SpanEncoder { unencoded.about("A span cannot be encoded", it) }

    /** Delivers the batch or drops it, and closes it in any case; throws only if cancelled. */
    suspend fun deliver(batch: Batch) {
        val parts = ArrayDeque<Part>()
        try {
            if (rateLimits.forbidSpans()) {
                batch.reasonIfLost = DropReason.RATELIMIT_BACKOFF
            } else {
                parts += encode(batch)
                while (parts.isNotEmpty()) parts.addAll(0, deliver(parts.removeFirst(), batch))
            }
        } catch (e: Throwable) {
            currentCoroutineContext().ensureActive()
            batch.reasonIfLost = DropReason.INTERNAL_SDK_ERROR
            failed.about("A batch of spans cannot be encoded", e)
        } finally {
            try {
                parts.forEach { keep(it, batch) }
            } finally {
                batch.close()
            }
        }
    }

    /** The same for a batch that there is no time to send any more; nothing if it has been closed. */
    fun rescue(batch: Batch) {
        try {
            if (spool != null) encode(batch).forEach { keep(it, batch) }
        } catch (e: Throwable) {
            batch.reasonIfLost = DropReason.INTERNAL_SDK_ERROR
            failed.about("A batch of spans cannot be spooled", e)
        } finally {
            batch.close()
        }
    }

    /** What goes into each envelope, of which there is most often one. */
    private fun encode(batch: Batch): List<Part> {
        val all = batch.take()
        // Now, not earlier: the service span may have got its name after this batch was sealed.
        val parts = byDynamicSamplingContext(all).map { (trace, spans) -> Part(encoder.encode(spans), trace) }
        batch.dropped(DropReason.INTERNAL_SDK_ERROR, all.size - parts.sumOf { it.spans.count })
        batch.reasonIfLost = DropReason.NETWORK_ERROR
        return parts.filter { it.spans.count > 0 }.flatMap(::fitting)
    }

    /** Buckets go by the estimated size of spans, which texts of other alphabets exceed. */
    private fun fitting(part: Part): List<Part> =
        if (part.spans.length > maxBytesPerEnvelope && part.spans.count > 1) {
            part.halves().flatMap(::fitting)
        } else {
            listOf(part)
        }

    /** Returns what has to be delivered in its place, which is most often nothing. */
    private suspend fun deliver(part: Part, batch: Batch): List<Part> {
        val spans = part.spans.count
        when (val verdict = verdictOn(part, batch)) {
            Verdict.Taken -> batch.sent(spans)
            Verdict.Refused -> batch.refused(spans)
            Verdict.TooLarge -> return part.halves()
            is Verdict.Hopeless -> batch.dropped(verdict.failure, spans)
            is Verdict.TryAgain -> keep(part, batch)
        }
        return emptyList()
    }

    private suspend fun verdictOn(part: Part, batch: Batch): Verdict =
        try {
            sendUntilDecided(part, batch)
        } catch (e: Throwable) {
            // Not every cancellation is ours: one that came from elsewhere must not end a sender.
            if (!currentCoroutineContext().isActive) {
                keep(part, batch)
                throw e
            }
            failed.about("A batch of spans cannot be sent", e)
            Verdict.Hopeless(DropReason.INTERNAL_SDK_ERROR)
        }

    /** The last verdict: [Verdict.TryAgain] if it is not worth while, or not possible, to wait for another one. */
    private suspend fun sendUntilDecided(part: Part, batch: Batch): Verdict {
        val failures = EnumMap<DropReason, Int>(DropReason::class.java)
        while (true) {
            // The last answer may have named a limit, or another sender may have met one meanwhile.
            if (rateLimits.forbidSpans()) return Verdict.Hopeless(DropReason.RATELIMIT_BACKOFF)
            val answer = post.send(part.spans, part.trace)
            val verdict = judge(answer, part.spans.count)
            when (verdict) {
                Verdict.Taken -> taken()

                // Nothing is lost by it.
                Verdict.TooLarge -> Unit

                else -> unsent.about(describe(answer))
            }
            if (verdict !is Verdict.TryAgain) return verdict
            batch.reasonIfLost = verdict.failure
            failures.merge(verdict.failure, 1, Int::plus)
            if (!retries.awaitNext(failures)) return verdict
        }
    }

    private fun taken() {
        unsent.settled()
        onTaken()
    }

    /** Puts a part into the spool, or drops it. */
    private fun keep(part: Part, batch: Batch) {
        val spans = part.spans.count
        try {
            if (spool == null) return batch.dropped(batch.reasonIfLost, spans)
            batch.spooled(spans) { spool.write(part) }
            unspooled.settled()
        } catch (e: Exception) {
            // Not only IOException: directories are also read by streams, which wrap it.
            unspooled.about("A batch of spans cannot be written to the spool, and is dropped", e)
        }
    }

    private fun describe(answer: Answer): String =
        when (answer) {
            is Answer.Status -> {
                val how = if (answer.isWebPage) "with a web page, and ${answer.code}," else "${answer.code}"
                "$endpoint answered $how to an envelope of spans"
            }

            is Answer.None -> {
                "$endpoint did not answer: ${answer.cause}"
            }
        }
}

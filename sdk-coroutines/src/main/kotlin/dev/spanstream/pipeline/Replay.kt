package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason
import dev.spanstream.transport.RateLimits
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import java.nio.file.Path
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * Sends what is in the spool, the oldest first: when the process starts, when a batch has got through,
 * and now and then. One file at a time, and not in haste: what happens now is more interesting.
 */
internal class Replay(
    private val spool: Spool,
    private val post: Post,
    private val rateLimits: RateLimits,
    private val ledger: SpoolLedger,
) {
    private val occasion = Channel<Unit>(Channel.CONFLATED)
    private val unread = Complaint()
    private val suspects = Suspects()

    /** What has been settled but cannot be deleted, and must not be sent again. */
    private val settled = mutableSetOf<Path>()
    private val stopping = Job()

    /** The receiver has answered: this may be the time to try. */
    fun networkIsThere() {
        suspects.otherTaken()
        occasion.trySend(Unit)
    }

    /** Lets it finish the file in hand, and end. */
    fun stop() {
        stopping.complete()
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    suspend fun run() {
        while (stopping.isActive) {
            replay()
            withTimeoutOrNull(REST) { stopping.join() }
            select {
                stopping.onJoin { }
                occasion.onReceive { }
                onTimeout(INTERVAL) { }
            }
        }
    }

    private suspend fun replay() {
        var failures = 0
        try {
            val files = spool.files()
            files.mapTo(HashSet()) { it.path }.let { present ->
                suspects.forgetAllBut(present)
                settled.retainAll(present)
            }
            for (file in files) {
                if (failures == MOST_FAILURES || !stopping.isActive || rateLimits.forbidSpans()) return
                if (file.path in settled) continue
                val claim = SpoolClaim.of(file) ?: continue
                val failure = claim.use { send(it, file) }
                if (failure == DropReason.NETWORK_ERROR) return
                if (failure == null) failures = 0 else failures++
                withTimeoutOrNull(PAUSE) { stopping.join() }
            }
        } catch (e: Throwable) {
            currentCoroutineContext().ensureActive()
            unread.about("The spool cannot be sent", e)
        }
    }

    /** The failure that leaves something of it unsent, if one does. */
    private suspend fun send(claim: SpoolClaim, file: SpoolFile): DropReason? {
        val delivery = try {
            SpoolDelivery(claim.read(), post)
        } catch (e: IOException) {
            unread.about("A file of the spool is damaged and deleted", e)
            settle(claim, file) { ledger.dropped(file, file.spans, DropReason.INTERNAL_SDK_ERROR) }
            return null
        }
        val failure = delivery.run()
        if (failure == null || (failure == DropReason.SEND_ERROR && suspects.isHopeless(file.path))) {
            settle(claim, file) {
                delivery.outcomes.forEach { (verdict, spans) -> enter(file, verdict, spans) }
                delivery.left.forEach { ledger.dropped(file, it.spans.count, DropReason.SEND_ERROR) }
            }
        } else if (delivery.outcomes.isNotEmpty()) {
            // In place of the whole: only what has not got through.
            delivery.left.forEach { spool.write(it, file.run) }
            settle(claim, file) { delivery.outcomes.forEach { (verdict, spans) -> enter(file, verdict, spans) } }
        }
        return failure
    }

    private fun enter(file: SpoolFile, verdict: Verdict, spans: Int) =
        when (verdict) {
            Verdict.Refused -> {
                ledger.refused(file, spans)
            }

            is Verdict.Hopeless -> {
                ledger.dropped(file, spans, verdict.failure)
            }

            else -> {
                suspects.otherTaken()
                ledger.sent(file, spans)
            }
        }

    /** Last, for rather twice than never; but the accounts only once. */
    private fun settle(claim: SpoolClaim, file: SpoolFile, entries: () -> Unit) {
        suspects.forget(file.path)
        try {
            claim.delete()
        } catch (e: IOException) {
            settled.add(file.path)
            unread.about("A file of the spool cannot be deleted", e)
        }
        entries()
    }

    private companion object {
        val INTERVAL = 30.seconds

        /** In a row, then the receiver is left alone for a while. */
        const val MOST_FAILURES = 3

        /** sdk/foundations/transport/offline-caching. */
        val PAUSE = 100.milliseconds

        /** Between two rounds, however many batches get through. */
        val REST = 1.seconds
    }
}

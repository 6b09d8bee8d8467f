package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason
import dev.spanstream.transport.RateLimits
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
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

    /** The receiver has answered: this may be the time to try. */
    fun networkIsThere() {
        occasion.trySend(Unit)
    }

    suspend fun run() {
        while (true) {
            replay()
            withTimeoutOrNull(INTERVAL) { occasion.receive() }
        }
    }

    private suspend fun replay() {
        try {
            for (file in spool.files()) {
                val claim = SpoolClaim.of(file) ?: continue
                val goesOn = claim.use { send(it, file) }
                if (!goesOn) return
                delay(PAUSE)
            }
        } catch (e: Throwable) {
            currentCoroutineContext().ensureActive()
            unread.about("The spool cannot be sent", e)
        }
    }

    /** False if the others would fare no better now. */
    private suspend fun send(claim: SpoolClaim, file: SpoolFile): Boolean {
        if (rateLimits.forbidSpans()) return false
        val part =
            try {
                claim.read()
            } catch (e: IOException) {
                unread.about("A file of the spool is damaged and deleted", e)
                claim.delete()
                ledger.dropped(file, DropReason.INTERNAL_SDK_ERROR)
                return true
            }
        when (val verdict = judge(post.send(part.spans, part.trace), file.spans)) {
            is Verdict.TryAgain -> return false
            Verdict.TooLarge -> part.halves().forEach { spool.write(it, file.run) }
            Verdict.Taken -> ledger.sent(file)
            Verdict.Refused -> ledger.refused(file)
            is Verdict.Hopeless -> ledger.dropped(file, verdict.failure)
        }
        // Last: rather twice than never.
        claim.delete()
        return true
    }

    private companion object {
        val INTERVAL = 30.seconds

        /** sdk/foundations/transport/offline-caching. */
        val PAUSE = 100.milliseconds
    }
}

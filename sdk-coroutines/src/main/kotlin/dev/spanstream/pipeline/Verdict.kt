package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason
import dev.spanstream.transport.Answer

/** What an answer means for the spans that were sent. */
internal sealed interface Verdict {
    data object Taken : Verdict

    /** Not taken because of a rate limit, and counted by the receiver. */
    data object Refused : Verdict

    /** Fewer spans at a time may be taken. */
    data object TooLarge : Verdict

    /** The same may be taken later. */
    data class TryAgain(val failure: DropReason) : Verdict

    data class Hopeless(val failure: DropReason) : Verdict
}

/**
 * Judges an answer (sdk/foundations/transport, and our own patience with a receiver in trouble).
 *
 * No answer says nothing about the spans, so there is no end to trying, as long as memory lasts. A
 * receiver that fails again and again over the same spans may fail because of them, and must not
 * hold up the others.
 *
 * @param spans how many were sent
 * @param attempt which attempt it was, from 1
 */
internal fun judge(answer: Answer, spans: Int, attempt: Int): Verdict =
    when (answer) {
        is Answer.None -> {
            Verdict.TryAgain(DropReason.NETWORK_ERROR)
        }

        is Answer.Status -> {
            when {
                answer.isSuccess -> Verdict.Taken
                answer.isRateLimited -> Verdict.Refused
                answer.isTooLarge && spans > 1 -> Verdict.TooLarge
                answer.isServerError && attempt < PATIENCE -> Verdict.TryAgain(DropReason.SEND_ERROR)
                else -> Verdict.Hopeless(DropReason.SEND_ERROR)
            }
        }
    }

private const val PATIENCE = 8

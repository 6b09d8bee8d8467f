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

    /** The same may be taken later, if nothing else is wrong with the spans. */
    data class TryAgain(val failure: DropReason) : Verdict

    data class Hopeless(val failure: DropReason) : Verdict
}

/**
 * Judges an answer (sdk/foundations/transport).
 *
 * @param spans how many were sent
 */
internal fun judge(answer: Answer, spans: Int): Verdict =
    when (answer) {
        is Answer.None -> {
            Verdict.TryAgain(DropReason.NETWORK_ERROR)
        }

        is Answer.Status -> {
            when {
                answer.isSuccess -> Verdict.Taken
                answer.isRateLimited -> Verdict.Refused
                answer.isTooLarge && spans > 1 -> Verdict.TooLarge
                answer.isServerError -> Verdict.TryAgain(DropReason.SEND_ERROR)
                else -> Verdict.Hopeless(DropReason.SEND_ERROR)
            }
        }
    }

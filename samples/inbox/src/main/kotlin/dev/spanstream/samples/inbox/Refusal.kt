package dev.spanstream.samples.inbox

/**
 * A request that is refused as a whole, before its spans are looked at.
 *
 * @property answer what the client is told
 * @property problem the same for humans, with the place
 * @property lost what is recorded as lost, if the refusal has an outcome of its own in Relay
 */
internal class Refusal(
    val answer: PlannedAnswer,
    val problem: String,
    val lost: Rejection? = null,
    cause: Throwable? = null,
) : Exception(problem, cause) {
    internal companion object {
        fun of(status: Int, detail: String, cause: Throwable? = null): Refusal =
            Refusal(Answers.refused(status, detail), detail, cause = cause)

        fun invalidEnvelope(vararg causes: String, cause: Throwable? = null): Refusal {
            val answer = Answers.refused(400, "invalid event envelope", causes.toList())
            return Refusal(answer, causes.joinToString(": "), cause = cause)
        }
    }
}

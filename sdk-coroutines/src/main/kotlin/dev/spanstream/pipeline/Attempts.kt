package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason

/**
 * How often a batch is sent at most.
 *
 * @property withoutAnswer if the receiver cannot be reached
 * @property againstFailure if it answers that it has failed
 */
internal class Attempts(private val withoutAnswer: Int, private val againstFailure: Int) {
    fun against(failure: DropReason): Int = if (failure == DropReason.SEND_ERROR) againstFailure else withoutAnswer

    companion object {
        /**
         * No answer says nothing about the spans, so there is no end to trying, as long as memory lasts.
         * A receiver that fails again and again over the same spans may fail because of them, and must
         * not hold up the others.
         */
        val PATIENT = Attempts(withoutAnswer = Int.MAX_VALUE, againstFailure = 8)

        /** Spans are safer on disk than in memory. */
        val BEFORE_SPOOLING = Attempts(withoutAnswer = 2, againstFailure = 2)

        /** For a copy, of which nobody asks what became of it. */
        val ONCE = Attempts(withoutAnswer = 1, againstFailure = 1)
    }
}

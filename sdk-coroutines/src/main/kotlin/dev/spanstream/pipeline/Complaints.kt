package dev.spanstream.pipeline

import dev.spanstream.transport.Answer
import java.util.concurrent.atomic.AtomicBoolean

/**
 * Says in the log that spans do not arrive: once as a warning, then, until one does, only at level
 * `DEBUG`, so that a receiver that is away for a day does not fill a log.
 */
internal class Complaints {
    private val complained = AtomicBoolean()

    fun about(answer: Answer, verdict: Verdict) {
        when {
            verdict == Verdict.Taken -> complained.set(false)
            complained.compareAndSet(false, true) -> log(System.Logger.Level.WARNING, answer, verdict)
            else -> log(System.Logger.Level.DEBUG, answer, verdict)
        }
    }

    private fun log(level: System.Logger.Level, answer: Answer, verdict: Verdict) {
        when (answer) {
            is Answer.Status -> log.log(level, "The receiver answered ${answer.code} to spans: $verdict")
            is Answer.None -> log.log(level, "The receiver cannot be reached: $verdict", answer.cause)
        }
    }

    private companion object {
        val log: System.Logger = System.getLogger("dev.spanstream")
    }
}

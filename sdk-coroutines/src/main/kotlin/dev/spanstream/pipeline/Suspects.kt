package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason
import java.nio.file.Path
import java.util.concurrent.atomic.AtomicLong

/**
 * The files over which the receiver has failed. If it fails again and again over the same, and takes others
 * meanwhile, it fails because of them; if it takes no others it is just out of order.
 */
internal class Suspects {
    private class Suspect(var failures: Int, var takenThen: Long)

    private val taken = AtomicLong()
    private val suspects: MutableMap<Path, Suspect> = HashMap()

    /** The receiver has taken something. From any thread. */
    fun otherTaken() {
        taken.incrementAndGet()
    }

    /** It has failed over this file: whether that is enough. */
    fun isHopeless(file: Path): Boolean {
        val now = taken.get()
        val suspect = suspects.getOrPut(file) { Suspect(failures = 0, takenThen = -1) }
        if (now > suspect.takenThen) suspect.failures++
        suspect.takenThen = now
        return suspect.failures >= Attempts.PATIENT.against(DropReason.SEND_ERROR)
    }

    fun forget(file: Path) {
        suspects.remove(file)
    }

    /** Others may have sent or discarded the rest. */
    fun forgetAllBut(files: Set<Path>) {
        suspects.keys.retainAll(files)
    }
}

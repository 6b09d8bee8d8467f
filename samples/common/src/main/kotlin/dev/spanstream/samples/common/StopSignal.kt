package dev.spanstream.samples.common

import sun.misc.Signal
import java.util.concurrent.atomic.AtomicBoolean
import java.util.function.BooleanSupplier

/** Ctrl-C, or `kill`. */
public object StopSignal {
    /**
     * Returns what says whether there was such a signal. From now on the first one does no more than that, and the
     * program ends what it has begun. Left to itself, the JVM would close the receiver, the services and the tracer
     * at the same time, with work still under way. Another one ends the process at once, whatever is lost.
     */
    @JvmStatic
    public fun listen(): BooleanSupplier {
        val given = AtomicBoolean()
        for (name in listOf("INT", "TERM")) {
            Signal.handle(Signal(name)) { if (given.getAndSet(true)) Runtime.getRuntime().halt(KILLED + it.number) }
        }
        return BooleanSupplier(given::get)
    }

    private const val KILLED = 128
}

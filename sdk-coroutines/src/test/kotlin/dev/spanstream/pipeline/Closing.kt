package dev.spanstream.pipeline

import dev.spanstream.Tracer

/**
 * Closes the tracer, and waits until every span is accounted for. One close gives up waiting after a bounded
 * time, which on a busy machine may be too short to settle all accounts; each further one waits for as long again.
 */
internal fun Tracer.closeAndSettle() {
    repeat(PATIENCE) {
        close()
        if (stats().buffered() == 0L) return
    }
}

private const val PATIENCE = 20

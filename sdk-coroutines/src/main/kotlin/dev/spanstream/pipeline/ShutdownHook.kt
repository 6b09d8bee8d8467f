package dev.spanstream.pipeline

import java.time.Duration

/**
 * Closes the pipeline when the JVM ends, so that the last spans are sent even if nobody closed the
 * tracer. The hook is taken back when the pipeline is closed before, and then holds nothing alive.
 */
internal fun closeAtExit(pipeline: StreamingPipeline, timeout: Duration) {
    val hook = Thread({ pipeline.close(timeout) }, "spanstream-shutdown")
    ifNotEnding { Runtime.getRuntime().addShutdownHook(hook) }
    pipeline.onClosed { ifNotEnding { Runtime.getRuntime().removeShutdownHook(hook) } }
}

/** While the JVM ends, hooks can neither be added nor removed; there is no other way to find out. */
private fun ifNotEnding(action: () -> Unit) {
    try {
        action()
    } catch (e: IllegalStateException) {
        Log.log(System.Logger.Level.DEBUG, "The JVM is ending", e)
    }
}

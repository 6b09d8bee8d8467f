package dev.spanstream.ktor

import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.Hook
import io.ktor.util.pipeline.PipelinePhase

/**
 * Wraps the whole call, so that what is set up before it and cleaned up after it share one function:
 * the handler runs the call by the function it gets.
 *
 * Not in the `Setup` phase but before all others, whatever was installed earlier: StatusPages turns
 * exceptions into responses in a phase before `Setup`, and only outside of that one does a call end
 * as its client sees it.
 */
internal object AroundCall : Hook<suspend (ApplicationCall, suspend () -> Unit) -> Unit> {
    override fun install(
        pipeline: ApplicationCallPipeline,
        handler: suspend (ApplicationCall, suspend () -> Unit) -> Unit,
    ) {
        val phase = PipelinePhase("Spanstream")
        pipeline.insertPhaseBefore(pipeline.items.first(), phase)
        pipeline.intercept(phase) {
            handler(context) { proceed() }
        }
    }
}

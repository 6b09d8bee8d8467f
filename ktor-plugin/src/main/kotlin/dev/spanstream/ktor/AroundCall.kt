package dev.spanstream.ktor

import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.Hook
import io.ktor.server.application.PipelineCall
import io.ktor.util.pipeline.PipelineInterceptor
import io.ktor.util.pipeline.PipelinePhase

/**
 * Wraps the whole call, so that what is set up before it and cleaned up after it are in one place: the
 * handler goes on with the call by `proceed`.
 *
 * Not in the `Setup` phase but before all others, whatever was installed earlier: StatusPages turns
 * exceptions into responses in a phase before `Setup`, and only outside of that one does a call end
 * as its client sees it.
 */
internal object AroundCall : Hook<PipelineInterceptor<Unit, PipelineCall>> {
    override fun install(pipeline: ApplicationCallPipeline, handler: PipelineInterceptor<Unit, PipelineCall>) {
        val phase = PipelinePhase("Spanstream")
        pipeline.insertPhaseBefore(pipeline.items.first(), phase)
        pipeline.intercept(phase, handler)
    }
}

package dev.spanstream.ktor

import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.Hook
import io.ktor.server.application.PipelineCall
import io.ktor.server.response.ApplicationSendPipeline
import io.ktor.util.pipeline.PipelineInterceptor

/** Sees each response last of all that have a say in it; the handler may put another in its place by `proceedWith`. */
internal object BeforeSending : Hook<PipelineInterceptor<Any, PipelineCall>> {
    override fun install(pipeline: ApplicationCallPipeline, handler: PipelineInterceptor<Any, PipelineCall>) {
        pipeline.sendPipeline.intercept(ApplicationSendPipeline.After, handler)
    }
}

package dev.spanstream.ktor

import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.Hook

/**
 * Wraps the whole call, so that what is set up before it and cleaned up after it share one function:
 * the handler runs the call by the function it gets.
 */
internal object AroundCall : Hook<suspend (ApplicationCall, suspend () -> Unit) -> Unit> {
    override fun install(
        pipeline: ApplicationCallPipeline,
        handler: suspend (ApplicationCall, suspend () -> Unit) -> Unit,
    ) {
        pipeline.intercept(ApplicationCallPipeline.Setup) {
            handler(context) { proceed() }
        }
    }
}

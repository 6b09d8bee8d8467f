package dev.spanstream.samples.checkout

import dev.spanstream.Traces
import dev.spanstream.ktor.ServerTracing
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.install

/** Traces the requests of a service, and writes its name on every span of theirs. */
internal fun Application.traced(service: String) {
    install(ServerTracing)
    intercept(ApplicationCallPipeline.Plugins) { Traces.setAttribute("service.name", service) }
}

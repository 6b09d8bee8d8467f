package dev.spanstream.ktor

import io.ktor.server.application.Application
import io.ktor.server.application.PipelineCall
import io.ktor.util.pipeline.PipelineContext
import io.ktor.util.pipeline.PipelinePhase

/** Intercepts each call outside of what is installed so far: it sees what they find, and what they leave. */
fun Application.outside(intercept: suspend PipelineContext<Unit, PipelineCall>.() -> Unit) {
    val phase = PipelinePhase("Outside")
    insertPhaseBefore(items.first(), phase)
    intercept(phase) { intercept() }
}

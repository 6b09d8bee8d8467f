package dev.spanstream.ktor

import io.ktor.http.HttpStatusCode
import io.ktor.server.engine.defaultExceptionStatusCode

/** The status with which the engine answers an exception that nobody handled. */
internal fun statusOf(thrown: Throwable): HttpStatusCode =
    defaultExceptionStatusCode(thrown) ?: HttpStatusCode.InternalServerError

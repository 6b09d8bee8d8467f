package dev.spanstream.samples.inbox

import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.createApplicationPlugin
import io.ktor.server.application.install
import io.ktor.server.request.host
import io.ktor.server.request.path
import io.ktor.server.response.header
import io.ktor.server.response.respondText

/**
 * What protects the page: it runs no script and loads nothing but its own files, whatever a span is called; and an inbox
 * on loopback answers only to names of loopback, so that a foreign site cannot read it by pointing its own name here.
 */
internal class PageGuard(
    private val host: String,
) {
    fun installIn(application: Application) {
        application.install(plugin)
    }

    private val plugin = createApplicationPlugin("PageGuard") {
        onCall { call ->
            if (!call.request.path().startsWith(ENVELOPES)) {
                HEADERS.forEach { (name, value) -> call.response.header(name, value) }
                if (isForeign(call)) call.respondText("unknown host", status = HttpStatusCode.Forbidden)
            }
        }
    }

    private fun isForeign(call: ApplicationCall): Boolean =
        host in LOOPBACK && call.request.host().removeSurrounding("[", "]") !in LOOPBACK

    private companion object {
        /** What SDKs send to, from wherever they are. */
        const val ENVELOPES = "/api/"
        val LOOPBACK = setOf("127.0.0.1", "localhost", "::1")
        val HEADERS = mapOf(
            "Content-Security-Policy" to "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
                "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options" to "nosniff",
            "Referrer-Policy" to "no-referrer",
            "Cross-Origin-Resource-Policy" to "same-origin",
            "Cache-Control" to "no-store",
        )
    }
}

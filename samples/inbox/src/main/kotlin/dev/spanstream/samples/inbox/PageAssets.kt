package dev.spanstream.samples.inbox

import io.ktor.http.ContentType
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.response.respondBytes
import io.ktor.server.response.respondText

/** The files of the page, out of the jar. Only what is named here is served. */
internal class PageAssets {
    private val files = FILES.associateWith { read(it) }
    private val page = read("index.html").decodeToString()

    suspend fun respondPage(call: ApplicationCall, dsn: String) {
        call.respondText(page.replace("{{dsn}}", dsn.escaped()), ContentType.Text.Html)
    }

    suspend fun respondFile(call: ApplicationCall, name: String) {
        val bytes = files[name] ?: return call.respondText("no such file", status = HttpStatusCode.NotFound)
        call.respondBytes(bytes, typeOf(name))
    }

    private fun typeOf(name: String) = when (name.substringAfterLast('.')) {
        "js" -> ContentType.Text.JavaScript
        "css" -> ContentType.Text.CSS
        else -> ContentType.Image.SVG
    }

    private fun read(name: String): ByteArray =
        checkNotNull(PageAssets::class.java.getResourceAsStream("/page/$name")) { name }.use { it.readBytes() }

    private fun String.escaped() =
        replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")

    private companion object {
        val FILES = listOf(
            "details.js",
            "dom.js",
            "findings.js",
            "format.js",
            "icon.svg",
            "inbox.js",
            "keys.js",
            "page.css",
            "rows.js",
            "server.js",
            "spanRow.js",
            "traceList.js",
            "tree.js",
            "waterfall.css",
            "waterfall.js",
        )
    }
}

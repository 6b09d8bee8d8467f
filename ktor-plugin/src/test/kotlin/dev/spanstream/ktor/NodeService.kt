package dev.spanstream.ktor

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.File

/** The service of `src/node`, traced by the real @sentry/node, as a process of its own. */
class NodeService(rate: Double) : AutoCloseable {
    private val process = ProcessBuilder("node", "--import", "./instrument.mjs", "service.mjs")
        .directory(folder)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .apply {
            environment()["SENTRY_DSN"] = DSN
            environment()["RATE"] = "$rate"
        }.start()

    private val port = process.inputStream
        .bufferedReader()
        .readLine()
        .removePrefix("port ")

    val url: String = "http://127.0.0.1:$port"

    override fun close() {
        process.destroy()
        process.waitFor()
    }

    /** The trace in which somebody was, by the headers that it would send. */
    class Trace(headers: Map<String, String>) {
        private val parts = headers.getValue("sentry-trace").split('-')
        val id: String get() = parts[0]
        val sampled: String? get() = parts.getOrNull(2)

        /** The dynamic sampling context. JavaScript writes its numbers in another way. */
        val context: Map<String, Any> =
            headers.getValue("baggage").split(',').associate { entry ->
                val value = entry.substringAfter('=')
                entry.substringBefore('=') to (value.toDoubleOrNull() ?: value)
            }

        companion object {
            fun of(json: JsonObject) = Trace(json.mapValues { (_, value) -> value.jsonPrimitive.content })

            fun of(text: String) = of(Json.parseToJsonElement(text).jsonObject)
        }
    }

    companion object {
        /** Nobody listens there. */
        private const val DSN = "http://node@127.0.0.1:9/1"

        private val folder = File(System.getProperty("node.service", "target/node"))

        val isInstalled: Boolean get() = File(folder, "node_modules/@sentry/node").isDirectory
    }
}

package dev.spanstream.ktor

import io.ktor.http.HttpHeaders
import io.ktor.http.URLProtocol
import io.ktor.server.plugins.origin
import io.ktor.server.request.ApplicationRequest

/** Under which name and port the client asked; null is what makes no sense. */
internal class ServerAddress(val host: String?, val port: Int?) {
    /** As in a URL of this scheme. */
    fun authority(scheme: String): String {
        val name = if (host?.contains(':') == true) "[$host]" else host.orEmpty()
        val isDefault = port == null || port == URLProtocol.createOrDefault(scheme).defaultPort
        return if (isDefault) name else "$name:$port"
    }
}

/**
 * Read from the `Host` header here, because Ktor's own reading throws if the port is no number, takes
 * `[::1]` apart, and looks up a name, which blocks, if there is no header. What a plugin made of
 * forwarding headers beats the header.
 */
internal fun ApplicationRequest.serverAddress(): ServerAddress {
    val header = headers[HttpHeaders.Host]
    return when {
        origin !== local -> {
            ServerAddress(readable { origin.serverHost }, readable { origin.serverPort })
        }

        header != null -> {
            parse(header, local.scheme)
        }

        // The name is in the request line, not in a header.
        local.version.startsWith("HTTP/2") -> {
            readable { parse("${local.serverHost}:${local.serverPort}", local.scheme) } ?: NONE
        }

        else -> {
            ServerAddress(local.localAddress, local.localPort)
        }
    }
}

private fun parse(authority: String, scheme: String): ServerAddress {
    val literal = if (authority.startsWith('[')) authority.substringBefore(']').drop(1) else null
    val host = literal ?: authority.substringBefore(':')
    val rest = if (literal != null) authority.substringAfter(']', "") else authority.drop(host.length)
    val port = if (rest.isEmpty()) URLProtocol.createOrDefault(scheme).defaultPort else rest.drop(1).toIntOrNull()
    return ServerAddress(host.ifEmpty { null }, port?.takeIf { it in PORTS })
}

/** Only numbers are parsed behind these. */
private inline fun <T> readable(read: () -> T): T? =
    try {
        read()
    } catch (_: NumberFormatException) {
        null
    }

private val NONE = ServerAddress(null, null)
private val PORTS = 1..65_535

package dev.spanstream.samples.inbox

import java.net.URI
import java.net.URISyntaxException

/** The parts of a DSN that an envelope's header shares with the request that carries it. */
internal data class HeaderDsn(
    val publicKey: String,
    val projectId: String,
) {
    internal companion object {
        /** Returns null if [text] is not a DSN. */
        fun parse(text: String): HeaderDsn? =
            try {
                val uri = URI(text)
                val publicKey = uri.userInfo?.substringBefore(':').orEmpty()
                val projectId = uri.path
                    .orEmpty()
                    .trimEnd('/')
                    .substringAfterLast('/')
                val isWhole = uri.isServer() && publicKey.isNotEmpty() && isProject(projectId)
                if (isWhole) HeaderDsn(publicKey, projectId) else null
            } catch (_: URISyntaxException) {
                null
            }

        /** Relay knows projects by a positive 64 bit number. */
        fun isProject(id: String): Boolean = id.all { it in '0'..'9' } && (id.toULongOrNull() ?: 0UL) > 0UL

        private fun URI.isServer() = scheme in setOf("http", "https") && host != null
    }
}

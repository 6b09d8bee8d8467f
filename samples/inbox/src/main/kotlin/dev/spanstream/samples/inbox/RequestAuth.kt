package dev.spanstream.samples.inbox

import java.net.URLDecoder

/**
 * Who sends: the public key out of the `X-Sentry-Auth` header, or else `sentry_key` of the query, or else the `dsn` of
 * the envelope's header. Giving the first two together is refused, even if they agree; a `dsn` must agree.
 */
internal object RequestAuth {
    private const val PREFIX = "sentry "
    private const val KEY_CHARS = 32
    private const val PROTOCOL_VERSION = 7L

    /** The key that the HTTP request itself gives, or null if it gives none. */
    fun keyOf(request: InboxRequest): String? {
        val header = request.header("X-Sentry-Auth")?.takeIf { it.lowercase().startsWith(PREFIX) }
        val query = request.query.takeIf { "sentry_" in it }
        if (header != null && query != null) throw Refusal.of(401, "multiple authorization payloads detected")
        if (!HeaderDsn.isProject(request.project)) throw Refusal.of(400, "bad project path parameter")
        val pairs = header?.let(::headerPairs) ?: query?.let(::queryPairs) ?: return null
        return checkedKey(pairs)
    }

    /** Checks that the `dsn` of the envelope, if there is one, says the same, and returns the sender's key. */
    fun requireAgreement(request: InboxRequest, requestKey: String?, dsn: HeaderDsn?): String {
        val key = requestKey ?: dsn?.publicKey ?: throw Refusal.of(401, "missing authorization information")
        if (dsn != null && dsn.projectId != request.project) throw mismatch("project id")
        if (dsn != null && !dsn.publicKey.equals(key, ignoreCase = true)) throw mismatch("public key")
        return requireKey(key)
    }

    private fun checkedKey(pairs: Map<String, String>): String {
        val key = pairs["sentry_key"] ?: throw Refusal.of(401, "bad x-sentry-auth header")
        val version = pairs["sentry_version"]?.let {
            it.toLongOrNull()?.takeIf { number -> number in 0..MAX_U16 }
                ?: throw Refusal.of(401, "bad x-sentry-auth header")
        }
        if (version != null && version > PROTOCOL_VERSION) {
            throw Refusal.of(400, "unsupported protocol version ($version)")
        }
        return requireKey(key)
    }

    private fun requireKey(key: String): String {
        val isKey = key.length == KEY_CHARS && key.all { it.code in '!'.code..'~'.code }
        return if (isKey) key else throw Refusal.of(400, "bad sentry DSN public key")
    }

    private fun headerPairs(header: String): Map<String, String> =
        header.drop(PREFIX.length).split(',').associate {
            it.trim().substringBefore('=') to it.substringAfter('=', "").trim()
        }

    private fun queryPairs(query: String): Map<String, String> =
        query.split('&').associate { it.substringBefore('=') to decoded(it.substringAfter('=', "")) }

    private fun decoded(value: String): String =
        try {
            URLDecoder.decode(value, Charsets.UTF_8)
        } catch (_: IllegalArgumentException) {
            value
        }

    private fun mismatch(field: String) =
        Refusal.invalidEnvelope("$field header mismatch between envelope and request")
}

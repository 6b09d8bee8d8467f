package dev.spanstream.ktor

import io.ktor.http.decodeURLQueryComponent

// What must not be written down, judged by the name that it goes by (sdk/foundations/data-scrubbing).

internal const val FILTERED: String = "[Filtered]"

private val SECRETS = listOf(
    "auth",
    "token",
    "secret",
    "password",
    "passwd",
    "pwd",
    "key",
    "jwt",
    "bearer",
    "sso",
    "saml",
    "csrf",
    "xsrf",
    "credentials",
    "session",
    "sid",
    "identity",
)
private val COOKIES = listOf("sessid", "remember", "oidc", "pkce", "nonce", "__secure-", "__host-", "mfa", "2fa")
private val ADDRESSES = listOf("forwarded", "-ip", "remote-", "via", "-user")

/** Whether a value of this name is a secret, whoever asks for it. */
internal fun isSecret(name: String): Boolean = name.hasOneOf(SECRETS)

internal fun isSecretCookie(name: String): Boolean = isSecret(name) || name.hasOneOf(COOKIES)

/** Whether the value of a header of this name tells who is asking. */
internal fun isPersonal(name: String): Boolean = name.hasOneOf(ADDRESSES)

private fun String.hasOneOf(terms: List<String>) = terms.any { contains(it, ignoreCase = true) }

/** A query without its secrets: `page=2&token=[Filtered]`. */
internal fun withoutSecrets(query: String): String =
    query.split('&').joinToString("&") { part ->
        val name = part.substringBefore('=')
        if (isSecret(decoded(name))) "$name=$FILTERED" else part
    }

/** A name that cannot be decoded is that of a secret, for all that is known of it. */
private fun decoded(name: String): String =
    try {
        name.decodeURLQueryComponent(plusIsSpace = true)
    } catch (_: Exception) {
        SECRETS.first()
    }

/** The URL in a header, such as that of a redirect: without credentials, and without the query unless [pii]. */
internal fun scrubbedUrl(url: String, pii: Boolean): String {
    val bare = url.substringBefore('#').replace(CREDENTIALS, "$1$FILTERED@")
    val query = bare.substringAfter('?', "")
    return bare.substringBefore('?') + if (pii && query.isNotEmpty()) "?${withoutSecrets(query)}" else ""
}

private val CREDENTIALS = Regex("^((?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//)[^/?]*@")

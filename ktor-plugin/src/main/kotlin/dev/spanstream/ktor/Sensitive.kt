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
private val SECRET_COOKIES = listOf("sessid", "remember", "oidc", "pkce", "nonce", "__secure-", "__host-", "mfa", "2fa")
private val ADDRESSES = listOf("forwarded", "-ip", "remote-", "via", "-user")

/** Whether a value of this name is a secret, whoever asks for it. */
internal fun isSecret(name: String): Boolean = name.hasOneOf(SECRETS)

internal fun isSecretCookie(name: String): Boolean = isSecret(name) || name.hasOneOf(SECRET_COOKIES)

/** Whether the value of a header of this name tells who is asking. */
internal fun isPersonal(name: String): Boolean = name.hasOneOf(ADDRESSES)

private fun String.hasOneOf(terms: List<String>) = terms.any { contains(it, ignoreCase = true) }

/** A query without its secrets, nor those of a URL in it: `page=2&token=[Filtered]`. */
internal fun withoutSecrets(query: String): String =
    query.split('&').joinToString("&") { part ->
        val secret = NAME.findAll(part).firstOrNull { isSecret(decoded(it.value)) }
        withoutCredentials(if (secret == null) part else "${part.substring(0, secret.range.last + 1)}=$FILTERED")
    }

/** What stands first, or before an equals sign. */
private val NAME = Regex("^[^?;,=]*|(?<=[?;,])[^?;,=]+(?==)")

/** A name that cannot be decoded is that of a secret, for all that is known of it. */
private fun decoded(name: String): String =
    try {
        name.decodeURLQueryComponent(plusIsSpace = true)
    } catch (_: Exception) {
        SECRETS.first()
    }

/**
 * The value of a header with the URLs in it scrubbed, such as that of a redirect: without credentials and
 * fragment, and without query unless [pii], in which case its secrets are filtered.
 *
 * A URL is taken to last until the end of the value, unless the value is a list of URLs in angle brackets:
 * `</orders?page=2>; rel=next`. So what is no URL but looks like one may be cut as well.
 */
internal fun scrubbedUrls(value: String, pii: Boolean): String =
    if (value.trimStart().startsWith('<')) {
        BETWEEN_BRACKETS.replace(value) { scrubbedUrl(it.value, pii) }
    } else {
        scrubbedUrl(value, pii)
    }

private fun scrubbedUrl(value: String, pii: Boolean): String {
    val bare = withoutFragment(value)
    val mark = queryMark(bare)
    val query = bare.substring(mark + 1)
    if (mark < 0 || query.isBlank()) {
        return withoutCredentials(bare)
    }
    val path = withoutCredentials(bare.substring(0, mark))
    return if (pii) "$path?${withoutSecrets(query)}" else path
}

/** A fragment is behind a path or a query, or has a value: `#fff` is none, `#access_token=17` is. */
private fun withoutFragment(value: String): String {
    val hash = value.indexOf('#')
    val isFragment = hash >= 0 && (value.lastIndexOfAny(PATH, hash) >= 0 || value.indexOf('=', hash) >= 0)
    return if (isFragment) value.substring(0, hash) else value
}

/**
 * The first question mark that is behind a path or a single word, or before a parameter; `?0` has none.
 * Looks at no character twice, for a header may be long.
 */
private fun queryMark(value: String): Int {
    val slash = value.indexOf('/').let { if (it < 0) value.length else it }
    val word = value.indexOfFirst { it in NO_WORD }.let { if (it < 0) value.length else it }
    var mark = value.indexOf('?')
    while (mark >= 0) {
        val name = value.indexOfAny(AFTER_NAME, mark + 1)
        val isParameter = name > mark + 1 && value[name] == '='
        if (slash < mark || mark in 1 until word || isParameter) {
            return mark
        }
        mark = value.indexOf('?', mark + 1)
    }
    return -1
}

/** `http://user:password@host`, `//user@host` and `user:password@host`. */
private fun withoutCredentials(url: String): String {
    val segments = url.split('/')
    return segments
        .mapIndexed { i, segment ->
            val user = segment.substringBeforeLast('@', "")
            val isAuthority = i >= 2 && segments[i - 1].isEmpty()
            if (user.isNotEmpty() && (isAuthority || ':' in user)) {
                FILTERED + segment.substring(user.length)
            } else {
                segment
            }
        }.joinToString("/")
}

private val BETWEEN_BRACKETS = Regex("[^<>]+")
private val PATH = charArrayOf('/', '?')
private const val NO_WORD = " \t\"=;,"
private val AFTER_NAME = charArrayOf('=', '?', ' ', '\t', '"', ';', ',')

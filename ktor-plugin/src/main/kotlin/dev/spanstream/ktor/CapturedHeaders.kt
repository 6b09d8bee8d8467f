package dev.spanstream.ktor

import io.ktor.util.StringValues

/**
 * Which headers are written down, and how: one element for each value, secrets filtered, in URLs too. The
 * headers of the trace itself are left out.
 *
 * @param named in lower case; if there are none, all headers where personal data is welcome, and else none
 */
internal class CapturedHeaders(private val named: Set<String>) {
    /** Whether there can be anything to write. */
    fun isAnyWanted(pii: Boolean): Boolean = pii || named.isNotEmpty()

    fun write(prefix: String, headers: StringValues, pii: Boolean, put: (String, Any?) -> Unit) {
        if (!isAnyWanted(pii)) {
            return
        }
        headers.forEach { header, values ->
            val name = header.lowercase()
            when (name) {
                in OF_TRACE -> Unit
                in COOKIES -> if (pii) put("$prefix.$name", cookies(values.flatMap { pairs(name, it) }))
                else -> if (isWanted(name)) put("$prefix.$name", values.take(MOST_VALUES).map { clean(name, it, pii) })
            }
        }
    }

    private fun isWanted(name: String) = named.isEmpty() || name in named

    private fun clean(name: String, value: String, pii: Boolean) =
        if (isSecret(name) || (!pii && isPersonal(name))) FILTERED else scrubbedUrls(value, pii)

    /** Behind its value, a cookie that is being set has attributes. */
    private fun pairs(name: String, line: String): List<String> =
        when (name) {
            "cookie" -> line.split(';')
            "cookie2" -> line.split(';', ',')
            else -> listOf(line.substringBefore(';'))
        }

    /** `name=value` of each; they are not decoded. */
    private fun cookies(pairs: List<String>): List<String> =
        pairs
            .asSequence()
            .map { it.substringBefore('=', "").trim() to it.substringAfter('=').trim() }
            .filterNot { (name, value) -> name.isEmpty() && value.isEmpty() }
            .map { (name, value) ->
                when {
                    name.isEmpty() -> FILTERED
                    isSecretCookie(name) -> "$name=$FILTERED"
                    else -> "$name=$value"
                }
            }.take(MOST_VALUES)
            .toList()
            .ifEmpty { listOf(FILTERED) }
}

private val COOKIES = setOf("cookie", "cookie2", "set-cookie", "set-cookie2")
private val OF_TRACE = setOf("sentry-trace", "baggage", "traceparent")

/** A request may have thousands of cookies. */
private const val MOST_VALUES = 100

package dev.spanstream.ktor

import io.ktor.util.StringValues

/**
 * Which headers are written down, and how: one element for each value, secrets filtered. The headers of
 * the trace itself are left out.
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
            if (isWanted(name)) {
                put("$prefix.$name", values.take(MOST_VALUES).map { clean(name, it, pii) })
            }
        }
        if (pii) {
            headers.getAll("cookie")?.let { put("$prefix.cookie", cookies(it.flatMap { line -> line.split(';') })) }
            // Behind its value, a cookie that is being set has attributes.
            headers.getAll("set-cookie")?.let {
                put(
                    "$prefix.set-cookie",
                    cookies(
                        it.map { c ->
                            c.substringBefore(';')
                        },
                    ),
                )
            }
        }
    }

    private fun isWanted(name: String) = name !in APART && (named.isEmpty() || name in named)

    private fun clean(name: String, value: String, pii: Boolean) =
        when {
            isSecret(name) || (!pii && isPersonal(name)) -> FILTERED
            name in URLS -> scrubbedUrl(value, pii)
            else -> value
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

private val APART = setOf("cookie", "set-cookie", "sentry-trace", "baggage", "traceparent")
private val URLS = setOf("referer", "location", "content-location")

/** A request may have thousands of cookies. */
private const val MOST_VALUES = 100

package dev.spanstream.samples.inbox

/**
 * A request to the envelope endpoint, free of the server that took it.
 *
 * @property project the project id in the path
 * @property query the raw query string
 * @property headers the HTTP headers
 */
internal class InboxRequest(
    val project: String,
    val query: String,
    val headers: Map<String, List<String>>,
) {
    fun header(name: String): String? = headers.firstOf(name)
}

/** The first value of an HTTP header; [name] in any case. */
internal fun Map<String, List<String>>.firstOf(name: String): String? =
    entries
        .firstOrNull { it.key.equals(name, ignoreCase = true) }
        ?.value
        ?.firstOrNull()

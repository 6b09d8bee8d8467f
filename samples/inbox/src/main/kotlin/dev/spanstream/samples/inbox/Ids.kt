package dev.spanstream.samples.inbox

/** The forms of ids that Relay takes. Results are in lower case, so that they compare. */
internal object Ids {
    private val UUID = Regex("[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
    private val SPAN_ID = Regex("[0-9a-fA-F]{16}")
    private val ZEROES = Regex("0*")

    /** 32 hex digits, hyphens allowed; null if [text] is not such an id. */
    fun traceId(text: String?): String? = text?.takeIf(UUID::matches)?.replace("-", "")?.lowercase()

    /** Exactly 16 hex digits, not all of them zero; null if [text] is not such an id. */
    fun spanId(text: String?): String? = text?.takeIf { SPAN_ID.matches(it) && !ZEROES.matches(it) }?.lowercase()
}

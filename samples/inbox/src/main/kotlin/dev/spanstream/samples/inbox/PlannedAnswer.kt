package dev.spanstream.samples.inbox

/**
 * The answer to one request, given by the inbox's own rules or planned by [InboxOptions.respond].
 *
 * ```
 * PlannedAnswer(429, headers = mapOf("Retry-After" to "60"))
 * ```
 *
 * @property status the HTTP status, from 200 to 599; another one is an [IllegalArgumentException]
 * @property body the text of the body; JSON unless a `Content-Type` is among the [headers]. Default: `{}`
 * @property headers such as `Retry-After` or `X-Sentry-Rate-Limits`. Default: none
 * @property accepts whether the envelope's items are judged and kept. Relay may answer 429 and still take part of an
 *   envelope; by default only a status of success takes it.
 */
public class PlannedAnswer(
    public val status: Int,
    public val body: String = "{}",
    public val headers: Map<String, String> = emptyMap(),
    public val accepts: Boolean = status in SUCCESS,
) {
    init {
        require(status in KNOWN) { "status must be in $KNOWN: $status" }
    }

    override fun toString(): String = "PlannedAnswer($status)"

    private companion object {
        val KNOWN = 200..599
        val SUCCESS = 200..299
    }
}

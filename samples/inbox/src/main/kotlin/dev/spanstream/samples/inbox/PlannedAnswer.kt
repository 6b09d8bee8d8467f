package dev.spanstream.samples.inbox

/**
 * The answer to one request, given by the inbox's own rules or planned by [InboxOptions.respond].
 *
 * @property status the HTTP status
 * @property body the text of the body; JSON unless a `Content-Type` is among the [headers]
 * @property headers such as `Retry-After` or `X-Sentry-Rate-Limits`
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

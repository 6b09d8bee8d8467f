package dev.spanstream.samples.inbox

/**
 * A link from a span to another one.
 *
 * @property traceId the trace of the other span
 * @property spanId the other span
 * @property sampled whether that one was sampled; null if the sender does not say
 * @property attributes plain values, as in [ReceivedSpan]
 */
public class ReceivedLink internal constructor(
    public val traceId: String,
    public val spanId: String,
    public val sampled: Boolean?,
    public val attributes: Map<String, Any>,
) {
    override fun toString(): String = "link to $traceId-$spanId"
}

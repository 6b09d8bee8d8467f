package dev.spanstream.samples.inbox

/** A link from a span to the span [spanId] of trace [traceId]; attribute values are plain as in [ReceivedSpan]. */
public class ReceivedLink internal constructor(
    public val traceId: String,
    public val spanId: String,
    public val sampled: Boolean?,
    public val attributes: Map<String, Any>,
) {
    override fun toString(): String = "link to $traceId-$spanId"
}

package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonObject
import java.time.Instant
import kotlin.time.Duration
import kotlin.time.Duration.Companion.microseconds

/**
 * A span that Relay would accept. What Relay would set to null is absent here and named in [Inbox.warnings]; what Relay
 * would add or shift is not applied.
 *
 * @property traceId 32 lower-case hex digits
 * @property spanId 16 lower-case hex digits
 * @property parentSpanId the parent, or null for a root
 * @property name the name, as sent
 * @property status `ok` or `error`, or whatever else was sent
 * @property isSegment whether this is a service span, the root of one service's part of the trace
 * @property startMicros the start in microseconds since the epoch, exactly as sent
 * @property endMicros the end in microseconds since the epoch, exactly as sent
 * @property attributes plain values: `String`, `Boolean`, `Long`, `Double`, or a `List` of one of them, maybe with
 *   nulls
 * @property links the links, in the order in which they were sent
 * @property dynamicSamplingContext the `trace` header of the envelope that brought the span
 * @property json the span as it was sent
 */
public class ReceivedSpan internal constructor(
    public val traceId: String,
    public val spanId: String,
    public val parentSpanId: String?,
    public val name: String,
    public val status: String,
    public val isSegment: Boolean,
    public val startMicros: Long,
    public val endMicros: Long,
    public val attributes: Map<String, Any>,
    public val links: List<ReceivedLink>,
    public val dynamicSamplingContext: JsonObject,
    public val json: JsonObject,
) {
    /** The start, to the microsecond. */
    public val startTimestamp: Instant get() = Timestamps.instant(startMicros)

    /** The end, to the microsecond. */
    public val endTimestamp: Instant get() = Timestamps.instant(endMicros)

    /** How long the span took. */
    public val duration: Duration get() = (endMicros - startMicros).microseconds

    override fun toString(): String = "span $spanId '${name.printable()}' of trace $traceId"
}

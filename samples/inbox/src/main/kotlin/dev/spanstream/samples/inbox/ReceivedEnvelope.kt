package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonObject
import java.time.Instant

/**
 * One request to the envelope endpoint, whatever became of it.
 *
 * @property header the envelope's header; empty if it could not be read
 * @property items the items; empty if the framing is broken
 * @property body all bytes of the body, after decompression; not a copy, so do not write to it
 * @property requestHeaders the HTTP headers, see [requestHeader] for one of them
 * @property status the answer; in [InboxOptions.respond] the one that the inbox would give by itself
 * @property refusal why the request was refused, or null if it was taken
 * @property dynamicSamplingContext the `trace` header, if Relay can read it
 * @property receivedAt when the request was complete
 */
public class ReceivedEnvelope internal constructor(
    public val header: JsonObject,
    public val items: List<ReceivedItem>,
    public val body: ByteArray,
    public val requestHeaders: Map<String, List<String>>,
    public val status: Int,
    public val refusal: String?,
    public val dynamicSamplingContext: JsonObject?,
    public val receivedAt: Instant,
) {
    /** The first value of an HTTP header, or null if it was not sent; [name] in any case. */
    public fun requestHeader(name: String): String? = requestHeaders.firstOf(name)

    /** About the bytes in memory: payloads are kept as they came, headers as trees of objects. */
    internal val weight: Long
        get() = items.sumOf { it.size.toLong() }.let { payloads -> payloads + (body.size - payloads) * HEADER_GROWTH }

    internal fun answered(answer: PlannedAnswer): ReceivedEnvelope = ReceivedEnvelope(
        header,
        items,
        body,
        requestHeaders,
        answer.status,
        refusal,
        dynamicSamplingContext,
        receivedAt,
    )

    override fun toString(): String = "envelope answered $status, ${items.size} items: ${header.toString().printable()}"

    private companion object {
        const val HEADER_GROWTH = 32
    }
}

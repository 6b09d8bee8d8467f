package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonObject

/**
 * One item of an envelope.
 *
 * @property header the item's header, as it was sent
 */
public class ReceivedItem internal constructor(
    public val header: JsonObject,
    private val body: ByteArray,
    private val from: Int,
    private val until: Int,
) {
    /** The item's type, such as `span` or `client_report`. */
    public val type: String get() = header["type"].stringOrNull.orEmpty()

    /** The number of payload bytes. */
    public val size: Int get() = until - from

    /** A copy of the payload's bytes. */
    public val payload: ByteArray get() = body.copyOfRange(from, until)

    /** The payload as UTF-8 text; broken bytes become U+FFFD. */
    public val text: String get() = body.decodeToString(from, until)

    /** Reads the payload as JSON, with what may follow it left aside. */
    internal fun json(maxValues: Int): ParsedJson = StrictJson(body, from, until, maxValues).read()

    override fun toString(): String = "$header ($size bytes)"
}

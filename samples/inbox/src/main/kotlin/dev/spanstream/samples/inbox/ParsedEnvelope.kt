package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonObject
import java.time.Instant

/** An envelope whose framing and typed header fields are right; nothing is known about its payloads yet. */
internal class ParsedEnvelope(
    val header: JsonObject,
    val eventId: String?,
    val dsn: HeaderDsn?,
    val sentAt: Instant?,
    val items: List<ReceivedItem>,
    val warnings: List<String>,
)

package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.time.Instant

/**
 * The header fields of an envelope that have a type for Relay. One of them wrong, or given twice, refuses the request.
 *
 * `trace` is not among them: a broken one is found later and costs the spans, see [DscRules].
 */
internal object EnvelopeHeaderRules {
    private val TYPED = setOf("event_id", "dsn", "sent_at", "trace", "retention", "downsampled_retention")

    class Fields(
        val eventId: String?,
        val dsn: HeaderDsn?,
        val sentAt: Instant?,
        val warnings: List<String>,
    )

    fun check(parsed: ParsedJson): Fields {
        val header = parsed.value as JsonObject
        val (typed, free) = parsed.repeatedKeys.partition { it.depth == 1 && it.key in TYPED }
        if (typed.isNotEmpty()) throw invalid("duplicate field '${typed.first().key}'")
        checkUnsigned(header, "retention")
        checkUnsigned(header, "downsampled_retention")
        return Fields(
            eventId = field(header, "event_id", "a UUID") { Ids.traceId(it.stringOrNull) },
            dsn = field(header, "dsn", "a DSN") { it.stringOrNull?.let(HeaderDsn::parse) },
            sentAt = field(header, "sent_at", "an RFC 3339 time") { it.stringOrNull?.let(Timestamps::rfc3339) },
            warnings = free.map { "key '${it.key.printable()}' stands twice in the envelope header" },
        )
    }

    private fun checkUnsigned(header: JsonObject, name: String) {
        field(header, name, "a number up to $MAX_U16") { it.unsignedOrNull(MAX_U16) }
    }

    private fun <T> field(
        header: JsonObject,
        name: String,
        expected: String,
        read: (JsonElement) -> T?,
    ): T? {
        val value = header[name]?.takeUnless { it.isAbsent } ?: return null
        return read(value) ?: throw invalid("$name must be $expected: ${value.toString().printable()}")
    }

    private fun invalid(problem: String) = Refusal.invalidEnvelope("invalid envelope header", problem)
}

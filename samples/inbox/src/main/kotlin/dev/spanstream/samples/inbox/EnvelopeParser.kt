package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonObject

/**
 * Splits the bytes of a body into the envelope's header and its items.
 *
 * Only LF separates, and lengths count bytes. A payload without `length` ends at the next LF; one with it must be
 * followed by LF or by the end.
 */
internal object EnvelopeParser {
    private const val LF = '\n'.code.toByte()
    private const val MAX_ITEMS = 10_000
    private const val MAX_HEADER_BYTES = 1024 * 1024

    /** @throws Refusal with Relay's words; on any bytes whatever nothing else is thrown. */
    fun parse(body: ByteArray): ParsedEnvelope {
        if (isBlank(body, 0)) throw Refusal.invalidEnvelope("missing envelope header")
        val header = header(body, 0, "invalid envelope header")
        val fields = EnvelopeHeaderRules.check(header)
        val warnings = fields.warnings.toMutableList()
        val items = mutableListOf<ReceivedItem>()
        var at = header.end + 1
        while (at < body.size) {
            if (items.size == MAX_ITEMS) throw Refusal.invalidEnvelope("more than $MAX_ITEMS items")
            val itemHeader = itemHeader(body, at)
            val item = item(body, itemHeader)
            val hasLength = !item.header["length"].isAbsent
            if (!hasLength) warnings += "item ${items.size} '${item.type.printable()}' has no length"
            items += item
            at = itemHeader.end + 1 + item.size + 1
        }
        return ParsedEnvelope(header.value as JsonObject, fields.eventId, fields.dsn, fields.sentAt, items, warnings)
    }

    private fun itemHeader(body: ByteArray, at: Int): ParsedJson {
        if (isBlank(body, at)) throw Refusal.invalidEnvelope("unexpected end of file")
        return header(body, at, "invalid item header").also(ItemHeaderRules::check)
    }

    private fun item(body: ByteArray, parsed: ParsedJson): ReceivedItem {
        val header = parsed.value as JsonObject
        val from = minOf(parsed.end + 1, body.size)
        val length = header["length"].unsignedOrNull(MAX_U32)
        val until = if (length == null) lineEnd(body, from) else checkedEnd(body, from, length)
        return ReceivedItem(header, body, from, until)
    }

    private fun header(body: ByteArray, at: Int, problem: String): ParsedJson {
        val json = try {
            StrictJson(body, at, minOf(body.size, at + MAX_HEADER_BYTES)).read()
        } catch (e: NotJson) {
            throw Refusal.invalidEnvelope(problem, e.message.orEmpty(), cause = e)
        }
        if (json.value !is JsonObject) throw Refusal.invalidEnvelope(problem, "expected an object")
        requireLineEnd(body, json.end)
        return json
    }

    private fun checkedEnd(body: ByteArray, from: Int, length: Long): Int {
        val end = from + length
        if (end > body.size) throw Refusal.invalidEnvelope("unexpected end of file")
        requireLineEnd(body, end.toInt())
        return end.toInt()
    }

    private fun lineEnd(body: ByteArray, from: Int): Int {
        var at = from
        while (at < body.size && body[at] != LF) at++
        return at
    }

    private fun isBlank(body: ByteArray, from: Int) =
        (from until body.size).all { body[it].toInt().toChar() in " \t\r\n" }

    private fun requireLineEnd(body: ByteArray, at: Int) {
        if (at < body.size && body[at] != LF) {
            throw Refusal.invalidEnvelope("missing newline after header or payload")
        }
    }
}

package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** The header fields of an item that have a type for Relay; `item_count` is judged with the container, not here. */
internal object ItemHeaderRules {
    private val TYPED = setOf("type", "length", "content_type", "item_count")

    fun check(parsed: ParsedJson) {
        val header = parsed.value as JsonObject
        parsed.repeatedKeys.firstOrNull { it.depth == 1 && it.key in TYPED }?.let {
            throw invalid("duplicate field '${it.key}'")
        }
        if (header["type"].stringOrNull == null) throw wrong("type", "a string", header["type"])
        val length = header["length"]
        val isLength = length.isAbsent || length.unsignedOrNull(MAX_U32) != null
        if (!isLength) throw wrong("length", "a number of bytes", length)
        val contentType = header["content_type"]
        val isContentType = contentType.isAbsent || contentType.stringOrNull != null
        if (!isContentType) throw wrong("content_type", "a string", contentType)
    }

    private fun wrong(field: String, expected: String, value: JsonElement?) =
        invalid("$field must be $expected: ${value.toString().printable()}")

    private fun invalid(problem: String) = Refusal.invalidEnvelope("invalid item header", problem)
}

package dev.spanstream.samples.inbox

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.JsonUnquotedLiteral

/**
 * Reads one JSON value from bytes exactly as strictly as Relay's parser does, and says where it ended.
 *
 * kotlinx.serialization is not used for parsing because it is too kind for a receiver that is to find mistakes: it takes
 * unquoted strings, numbers such as `01`, lone surrogates, any nesting, and hides repeated keys. What follows the value
 * is not looked at; the caller decides what may stand there.
 *
 * Numbers keep the text that was sent, so no digit of a timestamp is lost. One instance reads one value.
 */
internal class StrictJson(
    private val bytes: ByteArray,
    from: Int = 0,
    private val until: Int = bytes.size,
    private val maxValues: Int = Int.MAX_VALUE,
) {
    private var at = from
    private var depth = 0
    private var values = 0
    private val repeatedKeys = mutableListOf<RepeatedKey>()

    /** @throws NotJson whatever the bytes are, nothing else is thrown. */
    fun read(): ParsedJson {
        val value = value()
        return ParsedJson(value, at, repeatedKeys)
    }

    private fun value(): JsonElement {
        if (++values > maxValues) throw NotJson("more than $maxValues values", at)
        return when (peekToken()) {
            '{' -> nested(::members)
            '[' -> nested(::elements)
            '"' -> JsonPrimitive(string())
            't' -> word("true", JsonPrimitive(true))
            'f' -> word("false", JsonPrimitive(false))
            'n' -> word("null", JsonNull)
            else -> number()
        }
    }

    private fun <T> nested(read: () -> T): T {
        if (++depth > MAX_DEPTH) throw NotJson("recursion limit exceeded", at)
        at++
        return read().also { depth-- }
    }

    private fun members(): JsonObject {
        val members = LinkedHashMap<String, JsonElement>()
        if (skipIf('}')) return JsonObject(members)
        do {
            if (peekToken() != '"') throw NotJson("key must be a string", at)
            val key = string()
            values++
            expect(':')
            if (members.put(key, value()) != null && repeatedKeys.size < MAX_REPEATED) {
                repeatedKeys += RepeatedKey(key, depth)
            }
        } while (skipIf(','))
        expect('}')
        return JsonObject(members)
    }

    private fun elements(): JsonArray {
        val elements = ArrayList<JsonElement>()
        if (skipIf(']')) return JsonArray(elements)
        do {
            elements += value()
        } while (skipIf(','))
        expect(']')
        return JsonArray(elements)
    }

    private fun string(): String {
        val reader = StrictJsonString(bytes, at, until)
        return reader.read().also { at = reader.end }
    }

    @OptIn(ExperimentalSerializationApi::class)
    private fun number(): JsonPrimitive {
        val end = StrictJsonNumber.end(bytes, at, until)
        val text = bytes.decodeToString(at, end)
        if (text.toDouble().isInfinite()) throw NotJson("number out of range", at)
        at = end
        return JsonUnquotedLiteral(text)
    }

    private fun <T> word(word: String, value: T): T {
        val matches = at + word.length <= until && word.indices.all { bytes[at + it].toInt() == word[it].code }
        if (!matches) throw NotJson("expected a JSON value", at)
        at += word.length
        return value
    }

    private fun skipIf(token: Char): Boolean = (peekToken() == token).also { if (it) at++ }

    private fun expect(token: Char) {
        if (!skipIf(token)) throw NotJson("expected '$token'", at)
    }

    private fun peekToken(): Char {
        while (at < until && bytes[at] in WHITESPACE) at++
        if (at >= until) throw NotJson("unexpected end of JSON", at)
        return (bytes[at].toInt() and 0xFF).toChar()
    }

    private companion object {
        /** serde_json counts down from 128 and refuses at zero. */
        const val MAX_DEPTH = 127
        const val MAX_REPEATED = 16
        val WHITESPACE = byteArrayOf(' '.code.toByte(), '\t'.code.toByte(), '\n'.code.toByte(), '\r'.code.toByte())
    }
}

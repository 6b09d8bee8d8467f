package dev.spanstream.samples.inbox

import java.nio.charset.CharacterCodingException

/**
 * Reads one JSON string that starts with the quote at [from].
 *
 * Refused: broken UTF-8, raw control characters, unknown escapes, and a surrogate escape without its partner. The last
 * one is what an SDK produces when it cuts a string in the middle of an emoji, and it costs the whole container.
 */
internal class StrictJsonString(
    private val bytes: ByteArray,
    private val from: Int,
    private val until: Int,
) {
    /** The offset behind the closing quote, once [read] has returned. */
    var end: Int = from
        private set

    fun read(): String {
        end = from + 1
        var plainFrom = end
        var text: StringBuilder? = null
        while (true) {
            when (next()) {
                QUOTE -> {
                    val tail = plain(plainFrom, end - 1)
                    return text?.append(tail)?.toString() ?: tail
                }

                BACKSLASH -> {
                    text = (text ?: StringBuilder()).append(plain(plainFrom, end - 1))
                    appendEscape(text)
                    plainFrom = end
                }

                in 0..LAST_CONTROL -> {
                    throw NotJson("control character in a string", end - 1)
                }
            }
        }
    }

    private fun plain(start: Int, stop: Int): String =
        try {
            bytes.decodeToString(start, stop, throwOnInvalidSequence = true)
        } catch (_: CharacterCodingException) {
            throw NotJson("invalid UTF-8 in a string", start)
        }

    private fun appendEscape(text: StringBuilder) {
        when (val escape = next().toChar()) {
            '"', '\\', '/' -> text.append(escape)
            'b' -> text.append('\b')
            'f' -> text.append('\u000C')
            'n' -> text.append('\n')
            'r' -> text.append('\r')
            't' -> text.append('\t')
            'u' -> appendUnicode(text)
            else -> throw NotJson("invalid escape", end - 1)
        }
    }

    private fun appendUnicode(text: StringBuilder) {
        val first = hex4()
        if (first.isLowSurrogate()) throw NotJson("lone surrogate in an escape", end)
        text.append(first)
        if (first.isHighSurrogate()) {
            val paired = next() == BACKSLASH && next() == 'u'.code
            val second = if (paired) hex4() else ' '
            if (!second.isLowSurrogate()) throw NotJson("lone surrogate in an escape", end)
            text.append(second)
        }
    }

    private fun hex4(): Char {
        var code = 0
        repeat(4) {
            val digit = Character.digit(next(), 16)
            if (digit < 0) throw NotJson("invalid escape", end - 1)
            code = code * 16 + digit
        }
        return code.toChar()
    }

    private fun next(): Int {
        if (end >= until) throw NotJson("unexpected end of JSON in a string", end)
        return bytes[end++].toInt() and 0xFF
    }

    private companion object {
        const val QUOTE = '"'.code
        const val BACKSLASH = '\\'.code
        const val LAST_CONTROL = 0x1F
    }
}

package dev.spanstream.envelope

import dev.spanstream.sink.FinishedSpan
import java.util.function.BiConsumer

/**
 * How many bytes a span takes at most once it is encoded, found without encoding it: a span waits
 * for its envelope unencoded, because its service span may still get another name.
 *
 * Strings are measured exactly, escapes included; numbers and punctuation at their longest. A name
 * that grows afterwards is not foreseen.
 */
internal object EncodedSize {
    fun of(span: FinishedSpan): Long {
        val sum = Sum()
        sum.bytes += SPAN + of(span.name)
        span.forEachAttribute(sum)
        for (link in span.links) {
            sum.bytes += LINK
            link.attributes.forEach(sum)
        }
        return sum.bytes
    }

    private fun of(value: Any?): Long =
        when (value) {
            is String -> of(value)
            is List<*> -> value.sumOf { of(it) + COMMA } + BRACKETS
            else -> NUMBER
        }

    /** With its quotes. Most texts are plain ASCII, one byte a character. */
    private fun of(text: String): Long {
        var bytes = QUOTES + text.length
        for (char in text) {
            if (char >= '\u007f' || char < ' ' || char == '"' || char == '\\') bytes += of(char) - 1
        }
        return bytes
    }

    private fun of(char: Char): Long =
        when {
            char == '"' || char == '\\' -> 2
            char < ' ' -> 6
            char < '\u0080' -> 1
            char < '\u0800' -> 2
            else -> 3
        }

    private class Sum : BiConsumer<String, Any> {
        var bytes = 0L

        override fun accept(key: String, value: Any) {
            bytes += of(key) + ATTRIBUTE + of(value)
        }
    }

    /** All ids, timestamps and field names of a span, and its comma. */
    private const val SPAN = 320L

    /** `:{"type":"boolean","value":},` */
    private const val ATTRIBUTE = 29L

    /** Both ids and all field names of a link, and its comma. */
    private const val LINK = 128L

    /** The longest long has 20 characters, the longest double 24. */
    private const val NUMBER = 24L
    private const val QUOTES = 2L
    private const val BRACKETS = 2L
    private const val COMMA = 1L
}

package dev.spanstream.envelope

/**
 * JSON as UTF-8, in a buffer that grows: knows how texts and numbers are written, and nothing of what they mean.
 *
 * Written by hand, for spans only, which are the bulk of what is sent: the serialization library takes several times
 * as long and makes several kilobytes of garbage for each (docs/PERFORMANCE.md). Whatever is written once an envelope
 * is left to it.
 */
internal class JsonBytes(capacity: Int) {
    private var bytes = ByteArray(maxOf(capacity, MIN_CAPACITY))

    var size: Int = 0
        private set

    /** Forgets what was written last. */
    fun truncate(toSize: Int) {
        size = toSize
    }

    /** What was written; the array may be longer. */
    fun array(): ByteArray = if (bytes.size - size > bytes.size / 4) bytes.copyOf(size) else bytes

    /** A copy of what was written since the size was [from]. */
    fun copyFrom(from: Int): ByteArray = bytes.copyOfRange(from, size)

    /** Writes what is JSON already. */
    fun raw(json: ByteArray) {
        reserve(json.size)
        json.copyInto(bytes, size)
        size += json.size
    }

    fun raw(json: Char) {
        reserve(1)
        bytes[size++] = json.code.toByte()
    }

    /** Writes a text in quotes, with what has to be escaped escaped; half a surrogate pair as `?`. */
    fun text(text: String) {
        val length = text.length
        reserve(length + 2)
        val to = bytes
        var at = size
        to[at++] = QUOTE
        var next = 0
        while (next < length) {
            val char = text[next].code
            if (char >= ESCAPES.size || ESCAPES[char] != null) break
            to[at++] = char.toByte()
            next++
        }
        size = at
        if (next < length) special(text, next)
        raw('"')
    }

    /** The same from the first character on that is not written as it is. */
    private fun special(text: String, from: Int) {
        var next = from
        while (next < text.length) {
            val char = text[next++]
            val escape = ESCAPES.getOrNull(char.code)
            reserve(LONGEST)
            when {
                escape != null -> {
                    raw(escape)
                }

                char.code < ONE_BYTE -> {
                    put(char.code)
                }

                char.code < TWO_BYTES -> {
                    put(0xc0 or (char.code shr 6))
                    tail(char.code, 0)
                }

                !char.isSurrogate() -> {
                    put(0xe0 or (char.code shr 12))
                    tail(char.code, 6)
                }

                char.isHighSurrogate() && next < text.length && text[next].isLowSurrogate() -> {
                    val codePoint = Character.toCodePoint(char, text[next++])
                    put(0xf0 or (codePoint shr 18))
                    tail(codePoint, 12)
                }

                else -> {
                    put('?'.code)
                }
            }
        }
    }

    /** The bytes behind the first one of a character of several, from those bits down. */
    private fun tail(codePoint: Int, highest: Int) {
        for (bits in highest downTo 0 step 6) put(0x80 or ((codePoint shr bits) and 0x3f))
    }

    private fun put(byte: Int) {
        bytes[size++] = byte.toByte()
    }

    fun number(value: Long) {
        if (value == Long.MIN_VALUE) return raw(MIN_LONG)
        reserve(LONGEST_NUMBER)
        if (value < 0) put('-'.code)
        digits(if (value < 0) -value else value, 1)
    }

    /** @throws IllegalArgumentException if it is no number that JSON knows */
    fun number(value: Double) {
        require(value.isFinite()) { "JSON has no $value" }
        val text = value.toString()
        reserve(text.length)
        for (char in text) put(char.code)
    }

    /**
     * Writes microseconds as seconds with six decimals: `1790000000.130112`. Never by way of a `Double`, which
     * resolves a quarter of a microsecond at today's date and prints as `1.790000000130112E9`.
     */
    fun seconds(micros: Long) {
        reserve(LONGEST_NUMBER)
        if (micros < 0) put('-'.code)
        digits(magnitude(micros / MILLION), 1)
        put('.'.code)
        digits(magnitude(micros % MILLION), DECIMALS)
    }

    /** Writes an id in quotes, as 16 hexadecimal digits. */
    fun id(bits: Long) {
        raw('"')
        hex(bits)
        raw('"')
    }

    /** The same with 32 digits. */
    fun id(high: Long, low: Long) {
        raw('"')
        hex(high)
        hex(low)
        raw('"')
    }

    private fun hex(bits: Long) {
        reserve(HEX_DIGITS)
        val to = bytes
        var at = size
        for (shift in 60 downTo 0 step 4) to[at++] = DIGITS[((bits ushr shift) and 0xf).toInt()]
        size = at
    }

    private fun digits(value: Long, atLeast: Int) {
        val to = bytes
        val end = size + maxOf(lengthOf(value), atLeast)
        var rest = value
        for (at in end - 1 downTo size) {
            val tenth = rest / 10
            to[at] = DIGITS[(rest - tenth * 10).toInt()]
            rest = tenth
        }
        size = end
    }

    /** By comparison: cheaper than to divide as often as for the digits themselves. */
    private fun lengthOf(value: Long): Int {
        var length = 1
        while (length < POWERS_OF_TEN.size && value >= POWERS_OF_TEN[length]) length++
        return length
    }

    private fun magnitude(value: Long) = if (value < 0) -value else value

    private fun reserve(more: Int) {
        if (bytes.size - size < more) bytes = bytes.copyOf(maxOf(bytes.size * 2, size + more))
    }

    private companion object {
        const val MIN_CAPACITY = 256
        const val ONE_BYTE = 0x80
        const val TWO_BYTES = 0x800
        const val LONGEST = 6
        const val LONGEST_NUMBER = 24
        const val HEX_DIGITS = 16
        const val DECIMALS = 6
        const val MILLION = 1_000_000L
        const val QUOTE = '"'.code.toByte()
        val DIGITS = "0123456789abcdef".encodeToByteArray()
        val POWERS_OF_TEN = LongArray(19).also { powers ->
            powers[0] = 1
            for (power in 1 until powers.size) powers[power] = powers[power - 1] * 10
        }
        val MIN_LONG = "${Long.MIN_VALUE}".encodeToByteArray()

        /** How ASCII characters are written that are not written as they are. */
        val ESCAPES: Array<ByteArray?> = Array(ONE_BYTE) { code ->
            when (val char = code.toChar()) {
                '"' -> "\\\""
                '\\' -> "\\\\"
                '\b' -> "\\b"
                '\t' -> "\\t"
                '\n' -> "\\n"
                '\r' -> "\\r"
                '\u000c' -> "\\f"
                else -> if (char < ' ') "\\u%04x".format(code) else null
            }?.encodeToByteArray()
        }
    }
}

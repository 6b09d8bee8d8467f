package dev.spanstream.samples.inbox

/** The grammar of JSON numbers: `-`? digits without a leading zero, then a fraction, then an exponent. */
internal object StrictJsonNumber {
    /**
     * Returns the offset behind the number that starts at [from].
     *
     * @throws NotJson if no number starts there
     */
    fun end(bytes: ByteArray, from: Int, until: Int): Int {
        fun has(at: Int, chars: String) = at < until && bytes[at] >= 0 && bytes[at].toInt().toChar() in chars

        fun digits(start: Int): Int {
            var at = start
            while (has(at, DIGITS)) at++
            if (at == start) throw NotJson("expected a JSON value", start)
            return at
        }

        val start = if (has(from, "-")) from + 1 else from
        var at = if (has(start, "0")) start + 1 else digits(start)
        if (has(at, DIGITS)) throw NotJson("number with a leading zero", from)
        if (has(at, ".")) at = digits(at + 1)
        if (has(at, "eE")) at = digits(if (has(at + 1, "+-")) at + 2 else at + 1)
        return at
    }

    /** Whether [text], a JSON number, is whole without needing arithmetic: `12`, but neither `12.0` nor `1e1`. */
    fun isInteger(text: String): Boolean = text.none { it in ".eE" } && text != "-0"

    private const val DIGITS = "0123456789"
}

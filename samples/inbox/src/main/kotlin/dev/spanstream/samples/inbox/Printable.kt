package dev.spanstream.samples.inbox

private const val SHOWN_CHARS = 120

/** The text as it may stand in a message or a terminal: of bounded length and without control characters. */
internal fun String.printable(maxChars: Int = SHOWN_CHARS): String {
    val shown = if (length <= maxChars) this else take(maxChars) + "…"
    if (shown.none(Char::isISOControl)) return shown
    return shown.map { if (it.isISOControl()) '·' else it }.joinToString("")
}

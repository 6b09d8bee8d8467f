package dev.spanstream.samples.inbox

/** Says what an inbox has, for the message of a wait that found nothing. */
internal class InboxReport(
    private val store: TraceStore,
) {
    fun text(): String = listOfNotNull(
        "${store.acceptedSpanCount()} spans accepted",
        block("traces", store.traces().takeLast(MAX_TRACES).map { it.tree() }),
        block("rejections", store.rejections().takeLast(MAX_LINES)),
        block("warnings", store.warnings().takeLast(MAX_LINES)),
        block("answers", store.envelopes().takeLast(MAX_LINES)),
        block("discarded by clients", store.discarded().entries),
    ).joinToString("\n")

    private fun block(title: String, entries: Collection<Any>): String? =
        if (entries.isEmpty()) null else entries.joinToString("\n", "$title:\n").prependIndent("  ").trimStart()

    private companion object {
        const val MAX_TRACES = 10
        const val MAX_LINES = 20
    }
}

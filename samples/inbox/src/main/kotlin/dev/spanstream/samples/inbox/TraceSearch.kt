package dev.spanstream.samples.inbox

/** Finds the traces in which an id, a name, a key or a value of an attribute contains the [query], in any case. */
internal class TraceSearch(
    private val query: String,
) {
    fun idsIn(traces: List<ReceivedTrace>): Set<String> =
        traces.filter { trace -> has(trace.traceId) || trace.spans.any(::matches) }.mapTo(HashSet()) { it.traceId }

    private fun matches(span: ReceivedSpan) = has(span.name) ||
        has(span.spanId) ||
        has(span.service) ||
        span.attributes.any { (key, value) -> has(key) || has(value.toString()) }

    private fun has(text: String) = text.contains(query, ignoreCase = true)
}

package dev.spanstream.samples.inbox

import java.time.Instant

/**
 * One line of the list of traces.
 *
 * @property touched the number of the span that came last
 * @property awaited how many service spans others refer to that are not here: they still run, or are lost
 */
internal class TraceSummary(
    val traceId: String,
    val touched: Long,
    val name: String,
    val services: List<String>,
    val startMicros: Long,
    val endMicros: Long,
    val spans: Int,
    val errors: Int,
    val late: Int,
    val awaited: Int,
    val lastArrival: Instant,
) {
    internal companion object {
        fun of(trace: KeptTrace): TraceSummary {
            val spans = trace.spans.map { it.span }
            val ids = spans.mapTo(HashSet()) { it.spanId }
            return TraceSummary(
                traceId = trace.traceId,
                touched = trace.touched,
                name = name(spans),
                services = spans.mapTo(LinkedHashSet()) { it.service }.toList(),
                startMicros = spans.minOf { it.startMicros },
                endMicros = spans.maxOf { it.endMicros },
                spans = spans.size,
                errors = spans.count { it.isError },
                late = trace.spans.count { it.isLate },
                awaited = spans.mapNotNullTo(HashSet()) { it.segmentId }.count { it !in ids },
                lastArrival = trace.spans.last().receivedAt,
            )
        }

        /** The outermost service span that is here, or the name that others give it, or else the first span. */
        private fun name(spans: List<ReceivedSpan>): String {
            val services = spans.filter { it.isSegment }
            val roots = services.filter { it.parentSpanId == null }
            val outermost = roots.ifEmpty { services }.minByOrNull { it.startMicros }
            val first = spans.minBy { it.startMicros }
            return outermost?.name ?: first.text("sentry.segment.name") ?: first.name
        }
    }
}

package dev.spanstream.samples.inbox

import kotlin.time.Duration
import kotlin.time.Duration.Companion.microseconds

/**
 * Draws a trace:
 *
 * ```
 * trace 771a43a4192642f0b136d5159a501700: 3 spans in 73.7ms
 * ✓ GET /orders/{id} 73.7ms [shop@1.4.2 production]
 * ├─ ✓ load order 12.1ms
 * │  └─ ✗ SELECT orders 8ms error
 * └─ ✓ price order 20ms
 * ```
 *
 * An outline leaves out the first line, the durations, the release and the environment.
 *
 * Every span is drawn once, even if parents form a ring or an id came twice. Below [MAX_DEPTH] levels the lines are no
 * longer indented.
 */
internal class TraceTree(
    private val trace: ReceivedTrace,
    private val isOutline: Boolean = false,
) {
    private class Branch(val span: ReceivedSpan, val depth: Int, val prefix: String, val indent: String)

    private val drawn = HashSet<ReceivedSpan>()
    private val lines = StringBuilder()

    fun render(): String {
        if (!isOutline) lines.append("trace ${trace.traceId}: ${trace.spans.size} spans in ${total()}")
        trace.roots.forEach { drawFrom(it) }
        trace.spans.filterNot(drawn::contains).forEach { if (it !in drawn) drawFrom(it, "ring of parents: ") }
        return lines.toString()
    }

    private fun total(): Duration =
        (trace.spans.maxOf { it.endMicros } - trace.spans.minOf { it.startMicros }).microseconds

    /** A stack instead of recursion: a trace may be deeper than the thread's stack. */
    private fun drawFrom(root: ReceivedSpan, note: String = orphanNote(root)) {
        val open = ArrayDeque(listOf(Branch(root, 0, note, "")))
        while (open.isNotEmpty()) {
            val branch = open.removeLast()
            if (!drawn.add(branch.span)) continue
            if (lines.isNotEmpty()) lines.append('\n')
            lines.append(branch.prefix).append(label(branch.span))
            val children = trace.childrenOf(branch.span)
            for (i in children.indices.reversed()) {
                open += child(branch, children[i], isLast = i == children.lastIndex)
            }
        }
    }

    private fun child(parent: Branch, span: ReceivedSpan, isLast: Boolean): Branch {
        val indent = if (parent.depth < MAX_DEPTH) parent.indent + (if (isLast) "   " else "│  ") else parent.indent
        val prefix = parent.indent + (if (isLast) "└─ " else "├─ ")
        return Branch(span, parent.depth + 1, prefix, indent)
    }

    private fun orphanNote(root: ReceivedSpan) =
        if (root.parentSpanId == null || root.isSegment) "" else "orphan of ${root.parentSpanId}: "

    private fun label(span: ReceivedSpan): String {
        val mark = if (span.isError) "✗" else "✓"
        val status = if (span.isError) " " + span.status.printable() else ""
        val duration = if (isOutline) "" else " ${span.duration}"
        return "$mark ${span.name.printable()}$duration$status${service(span)}"
    }

    private fun service(span: ReceivedSpan): String {
        if (!span.isSegment) return ""
        val shown = if (isOutline) SERVICE_ATTRIBUTES.take(1) else SERVICE_ATTRIBUTES
        val parts = shown.mapNotNull { span.attributes[it]?.toString()?.printable() }
        return if (parts.isEmpty()) "" else parts.joinToString(" ", " [", "]")
    }

    private companion object {
        const val MAX_DEPTH = 64
        val SERVICE_ATTRIBUTES = listOf("service.name", "sentry.release", "sentry.environment")
    }
}

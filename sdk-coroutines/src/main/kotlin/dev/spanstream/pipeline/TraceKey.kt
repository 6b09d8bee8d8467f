package dev.spanstream.pipeline

import dev.spanstream.sink.SpanTree

/** A trace id as it was drawn. */
internal data class TraceKey(val high: Long, val low: Long) {
    fun isOf(tree: SpanTree): Boolean = low == tree.traceIdLow && high == tree.traceIdHigh
}

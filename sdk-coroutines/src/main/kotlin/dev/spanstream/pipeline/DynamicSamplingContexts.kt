package dev.spanstream.pipeline

import dev.spanstream.sink.FinishedSpan
import dev.spanstream.sink.SpanTree
import java.util.IdentityHashMap

/**
 * Divides spans of one trace into those that may share an envelope, and keeps their order.
 *
 * The dynamic sampling context of an envelope holds for all of its spans: the receiver multiplies
 * them by the `sample_rate` in it. Trees of one trace most often have the same, but each service span
 * is sampled by itself, and a trace may come in twice with different baggage.
 */
internal fun byDynamicSamplingContext(spans: List<FinishedSpan>): Map<Map<String, String>, List<FinishedSpan>> {
    val byContext = LinkedHashMap<Map<String, String>, MutableList<FinishedSpan>>()
    // A tree makes its context anew whenever it is asked.
    val byTree = IdentityHashMap<SpanTree, MutableList<FinishedSpan>>()
    for (span in spans) {
        byTree.getOrPut(span.tree) { byContext.getOrPut(span.tree.dynamicSamplingContext) { ArrayList() } } += span
    }
    return byContext
}

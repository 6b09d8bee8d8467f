package dev.spanstream.pipeline

import dev.spanstream.envelope.EncodedSpans

/**
 * What goes into one envelope.
 *
 * @property trace the dynamic sampling context of all its spans
 */
internal class Part(val spans: EncodedSpans, val trace: Map<String, String>) {
    /** The same in two parts, for a receiver that wants fewer at a time. */
    fun halves(): List<Part> = spans.halves().toList().map { Part(it, trace) }
}

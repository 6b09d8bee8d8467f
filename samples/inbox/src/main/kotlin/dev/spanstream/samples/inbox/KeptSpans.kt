package dev.spanstream.samples.inbox

/** Some [spans] of a [trace]. Of that trace nothing is kept whose number is below [floor]. */
internal class KeptSpans(
    val floor: Long,
    val trace: TraceSummary,
    val spans: List<KeptSpan>,
)

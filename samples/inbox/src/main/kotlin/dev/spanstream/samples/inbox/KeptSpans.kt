package dev.spanstream.samples.inbox

import java.time.Instant

/** Some [spans] of a trace. Of that trace nothing is kept whose number is below [floor]. */
internal class KeptSpans(
    val floor: Long,
    val lastArrival: Instant,
    val spans: List<KeptSpan>,
)

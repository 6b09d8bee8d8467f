package dev.spanstream.samples.inbox

/**
 * What has changed in the list of traces since some arrival.
 *
 * @property arrivals the number of the last arrival; ask for what came after it next time
 * @property floor a trace that was last touched before this arrival is no longer kept
 * @property traces the traces that are new or have grown
 */
internal class ChangedTraces(
    val arrivals: Long,
    val floor: Long,
    val traces: List<TraceSummary>,
)

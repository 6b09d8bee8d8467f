package dev.spanstream.samples.inbox

/**
 * What became of one envelope's items.
 *
 * @property spans the accepted spans, in the order in which they were sent
 * @property rejections what is lost, with the reason
 * @property warnings what Relay tolerates but an SDK should not send
 * @property discarded what client reports say was dropped before sending: reason to number of spans
 * @property spanBytes the size of the payload that carried the [spans]
 */
internal class Verdict(
    val spans: List<ReceivedSpan> = emptyList(),
    val rejections: List<Rejection> = emptyList(),
    val warnings: List<String> = emptyList(),
    val discarded: Map<String, Long> = emptyMap(),
    val spanBytes: Int = 0,
)

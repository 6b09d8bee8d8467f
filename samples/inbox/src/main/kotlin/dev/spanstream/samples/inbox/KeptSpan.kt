package dev.spanstream.samples.inbox

import java.time.Instant

/**
 * A span as it is kept, with what is known of its arrival.
 *
 * @property number the place in the order of arrival, over all traces; never used again
 * @property receivedAt when the envelope that brought it was complete
 * @property isLate whether the trace counted as finished by then, so that Sentry would store the span by itself
 * @property bytes its share of the envelope's payload
 */
internal class KeptSpan(
    val span: ReceivedSpan,
    val number: Long,
    val receivedAt: Instant,
    val isLate: Boolean,
    val bytes: Long,
)

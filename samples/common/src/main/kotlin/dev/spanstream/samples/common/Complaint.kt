package dev.spanstream.samples.common

import dev.spanstream.TracerStats
import dev.spanstream.samples.inbox.Inbox
import dev.spanstream.sink.DropReason

/** What does not add up, or null if every span that was sampled has been accepted. */
internal fun complaint(stats: TracerStats, inbox: Inbox?): String? {
    val sampled = stats.ended() - (stats.dropped()[DropReason.SAMPLE_RATE] ?: 0)
    return when {
        stats.open() != 0L -> {
            "${stats.open()} spans were left open"
        }

        stats.sent() != sampled -> {
            "of $sampled sampled spans only ${stats.sent()} were sent"
        }

        inbox == null -> {
            null
        }

        inbox.acceptedSpanCount() != stats.sent() -> {
            "of ${stats.sent()} spans the inbox accepted ${inbox.acceptedSpanCount()}"
        }

        inbox.rejections().isNotEmpty() -> {
            "rejected: ${inbox.rejections().first()}"
        }

        inbox.warnings().isNotEmpty() -> {
            "accepted, but: ${inbox.warnings().first()}"
        }

        else -> {
            null
        }
    }
}

package dev.spanstream.samples.inbox

/** The attribute as text, or null if it is absent. */
internal fun ReceivedSpan.text(attribute: String): String? = attributes[attribute]?.toString()

/** Anything but `ok`: Relay keeps unknown statuses as they are. */
internal val ReceivedSpan.isError: Boolean get() = status != "ok"

/** The service span that this one belongs to, as the sender says. */
internal val ReceivedSpan.segmentId: String? get() = if (isSegment) spanId else Ids.spanId(text("sentry.segment.id"))

/** Who sent it, by the best name that there is: an SDK need not name a service. */
internal val ReceivedSpan.service: String
    get() = text("service.name")
        ?: text("sentry.release")?.substringBefore('@')
        ?: text("sentry.sdk.name")
        ?: "unnamed service"

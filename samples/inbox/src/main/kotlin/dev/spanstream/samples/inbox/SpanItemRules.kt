package dev.spanstream.samples.inbox

/**
 * What a `span` item is, and how many an envelope may have: one container, and nothing of the legacy kind next to it.
 *
 * An item without exactly the container's content type is a legacy span for Relay, whose body would be one span of the
 * old format; the inbox knows no such spans and rejects it.
 */
internal object SpanItemRules {
    const val CONTENT_TYPE: String = "application/vnd.sentry.items.span.v2+json"

    /** The one container among the [items], or null if there is none that may be read. */
    fun single(items: List<ReceivedItem>, findings: Findings): ReceivedItem? {
        val (containers, legacy) = items.partition(::isContainer)
        if (containers.size > 1 || (containers.isNotEmpty() && legacy.isNotEmpty())) {
            val problem = "${containers.size} span containers and ${legacy.size} legacy spans in one envelope"
            val quantity = containers.sumOf { it.spanCount } + legacy.size
            findings.reject(Rejection("duplicate_item", "span", quantity, problem))
            return null
        }
        legacy.forEach { findings.reject(legacyRejection(it)) }
        return containers.singleOrNull()
    }

    private fun isContainer(item: ReceivedItem) =
        item.header["content_type"].stringOrNull.equals(CONTENT_TYPE, ignoreCase = true)

    private fun legacyRejection(item: ReceivedItem): Rejection {
        val type = item.header["content_type"].stringOrNull?.printable() ?: "missing"
        val problem = "content_type is $type, not $CONTENT_TYPE: Relay reads one span of the legacy format"
        return Rejection("invalid_span", "span", 1, problem, field = "content_type")
    }
}

/** What the item says about the number of its spans; 1 if it says nothing that can be read. */
internal val ReceivedItem.spanCount: Long get() = header["item_count"].unsignedOrNull(MAX_U32) ?: 1

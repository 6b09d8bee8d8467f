package dev.spanstream.samples.inbox

/**
 * The sizes that Relay checks before it answers. One item too large refuses the whole envelope with 413.
 *
 * Where Relay's versions differ, the smaller limit counts: self-hosted Relays lag behind.
 */
internal object ItemSizeRules {
    const val MAX_CONTAINER_BYTES: Int = 12 * 1024 * 1024
    private const val MIB = 1024L * 1024
    private const val MAX_SPAN_BYTES = 10 * MIB
    private const val MAX_CLIENT_REPORT_BYTES = 4096L
    private val CONTAINERS = setOf("span", "log", "trace_metric")

    fun check(items: List<ReceivedItem>) {
        items.forEach(::checkItem)
        val reports = items.filter { it.type == "client_report" }.sumOf { it.size.toLong() }
        if (reports > MAX_CLIENT_REPORT_BYTES) {
            throw tooLarge("client_report", 1, "$reports bytes of client reports, $MAX_CLIENT_REPORT_BYTES are allowed")
        }
    }

    private fun checkItem(item: ReceivedItem) {
        val count = item.header["item_count"].unsignedOrNull(MAX_U32)?.coerceAtLeast(1) ?: 1
        val average = item.size / count
        val isContainer = item.type in CONTAINERS
        if (isContainer && item.size > MAX_CONTAINER_BYTES) {
            throw tooLarge(item.type, count, "a container of ${item.size} bytes, $MAX_CONTAINER_BYTES are allowed")
        }
        val limit = itemLimit(item.type) ?: return
        if (average > limit) throw tooLarge(item.type, count, "$average bytes per item, $limit are allowed")
    }

    private fun itemLimit(type: String): Long? = when (type) {
        "span" -> MAX_SPAN_BYTES
        "event", "log", "trace_metric" -> MIB
        else -> null
    }

    private fun tooLarge(type: String, quantity: Long, problem: String) =
        Refusal(Answers.itemTooLarge(type), problem, Rejection("too_large:$type", type, quantity, problem))
}

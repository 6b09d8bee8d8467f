package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** Client reports: what an SDK says it dropped. Relay ignores one that it cannot read, the inbox warns of it. */
internal object ClientReportRules {
    private const val MAX_VALUES = 10_000

    /** The number of spans per reason over all [reports]. */
    fun read(reports: List<ReceivedItem>, findings: Findings): Map<String, Long> {
        val discarded = LinkedHashMap<String, Long>()
        for (report in reports) {
            val events = events(report, findings) ?: continue
            events.forEach { discarded.merge(it.first, it.second, Long::plus) }
        }
        return discarded
    }

    private fun events(report: ReceivedItem, findings: Findings): List<Pair<String, Long>>? {
        val json = try {
            report.json(MAX_VALUES).value as? JsonObject
        } catch (e: NotJson) {
            findings.warn("client report: ${e.message}")
            return null
        }
        val events = json?.get("discarded_events") as? JsonArray
        val timestamp = json?.get("timestamp")
        val readable = events != null && (timestamp.isAbsent || Timestamps.micros(timestamp) != null)
        val counted = events.orEmpty().map { event(it, findings) }
        if (!readable || counted.any { it == null }) {
            findings.warn("client report: Relay cannot read it: ${report.text.printable()}")
            return null
        }
        return counted.filterNotNull().filter { it.second > 0 }
    }

    /** Reason and number of spans, zero spans for another category; null if the event is broken. */
    private fun event(event: JsonElement, findings: Findings): Pair<String, Long>? {
        val fields = event as? JsonObject ?: return null
        val reason = fields["reason"].stringOrNull ?: return null
        val category = fields["category"].stringOrNull ?: return null
        val quantity = fields["quantity"].unsignedOrNull(MAX_U32) ?: return null
        if (category == "span") return reason to quantity
        findings.warn("client report: category '${category.printable()}' is not for streamed spans")
        return reason to 0
    }
}

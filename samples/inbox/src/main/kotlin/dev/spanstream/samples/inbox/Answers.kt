package dev.spanstream.samples.inbox

import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray

/** The answers that Relay's envelope endpoint gives, word for word. */
internal object Answers {
    private val PLAIN = mapOf("Content-Type" to "text/plain; charset=utf-8")

    /** The envelope is taken, which says nothing about its spans: they are judged after the answer. */
    fun accepted(eventId: String?): PlannedAnswer =
        PlannedAnswer(200, buildJsonObject { eventId?.let { put("id", it) } }.toString())

    fun refused(status: Int, detail: String, causes: List<String> = emptyList()): PlannedAnswer {
        val body = buildJsonObject {
            put("detail", detail)
            if (causes.isNotEmpty()) putJsonArray("causes") { causes.forEach(::add) }
        }
        return PlannedAnswer(status, body.toString())
    }

    fun itemTooLarge(type: String): PlannedAnswer {
        val limits = "https://develop.sentry.dev/sdk/envelopes/#size-limits"
        return refused(413, "envelope exceeded size limits for type '$type' ($limits)")
    }

    /** Not JSON: in Relay a layer in front of the endpoint answers this. */
    fun bodyTooLarge(): PlannedAnswer = PlannedAnswer(413, "length limit exceeded", PLAIN)
}

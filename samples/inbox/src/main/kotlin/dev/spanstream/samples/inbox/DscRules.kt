package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/**
 * The dynamic sampling context, envelope header `trace`: it must be there, must be readable to the last field, and must
 * name the trace of every span. Anything else costs all spans of the envelope.
 */
internal object DscRules {
    private const val KEY_CHARS = 32
    private val OPTIONAL_STRINGS = listOf("release", "environment", "transaction", "segment_name")
    private val STRINGS_IF_PRESENT = listOf("user_id", "user_segment")

    /** The context of the envelope, or null if Relay would see none. */
    fun read(header: JsonObject): JsonObject? = (header["trace"] as? JsonObject)?.takeIf { problem(it) == null }

    /** The context if all [spans] belong to its trace; else they are rejected and the result is null. */
    fun accept(header: JsonObject, spans: List<JsonObject>, findings: Findings): JsonObject? {
        val context = header["trace"]
        val problem = when {
            context.isAbsent -> "the envelope header has no trace" to "trace"
            context is JsonObject -> problem(context)
            else -> "trace is not an object" to "trace"
        }
        if (problem != null) return reject("missing_dsc", spans.size, problem, null, findings)
        val traceId = Ids.traceId((context as JsonObject)["trace_id"].stringOrNull)
        val stranger = spans.firstOrNull { Ids.traceId(it["trace_id"].stringOrNull) != traceId } ?: return context
        val spanId = Ids.spanId(stranger["span_id"].stringOrNull)
        val other = "a span has trace_id ${shown(stranger["trace_id"])}, the envelope's trace is $traceId" to "trace_id"
        return reject("invalid_dsc", spans.size, other, traceId, findings, spanId)
    }

    private fun problem(context: JsonObject): Pair<String, String>? {
        fun wrong(field: String, expected: String) = "trace.$field must be $expected: ${shown(context[field])}" to field
        return when {
            Ids.traceId(context["trace_id"].stringOrNull) == null -> wrong("trace_id", "a UUID")
            !isKey(context["public_key"]) -> wrong("public_key", "$KEY_CHARS ASCII characters")
            !isRate(context["sample_rate"]) -> wrong("sample_rate", "a number from zero")
            !isDecision(context["sampled"]) -> wrong("sampled", "true or false")
            !isReplay(context["replay_id"]) -> wrong("replay_id", "a UUID or absent")
            "transaction" in context && "segment_name" in context -> wrong("segment_name", "absent next to transaction")
            else -> wrongString(context)?.let { wrong(it, "a string") }
        }
    }

    private fun wrongString(context: JsonObject): String? =
        OPTIONAL_STRINGS.firstOrNull { !context[it].isAbsent && context[it].stringOrNull == null }
            ?: STRINGS_IF_PRESENT.firstOrNull { it in context && context[it].stringOrNull == null }

    private fun isKey(value: JsonElement?) =
        value.stringOrNull.let { it != null && it.length == KEY_CHARS && it.all { char -> char.code < 128 } }

    private fun isRate(value: JsonElement?): Boolean {
        if (value.isAbsent) return true
        val number = value.numberOrNull ?: value.stringOrNull?.let(::jsonNumber) ?: return false
        return number.toDouble() >= 0
    }

    private fun jsonNumber(text: String): String? =
        try {
            val json = StrictJson(text.encodeToByteArray()).read()
            json.value.numberOrNull?.takeIf { text.substring(json.end).isBlank() }
        } catch (_: NotJson) {
            null
        }

    private fun isDecision(value: JsonElement?) =
        value.isAbsent || value.stringOrNull != null || value.trueOrFalse != null

    private fun isReplay(value: JsonElement?) = value.isAbsent || Ids.traceId(value.stringOrNull) != null

    private fun shown(value: JsonElement?) = value.toString().printable()

    private fun reject(
        reason: String,
        quantity: Int,
        problem: Pair<String, String>,
        traceId: String?,
        findings: Findings,
        spanId: String? = null,
    ): Nothing? {
        findings.reject(Rejection(reason, "span", quantity.toLong(), problem.first, problem.second, traceId, spanId))
        return null
    }
}

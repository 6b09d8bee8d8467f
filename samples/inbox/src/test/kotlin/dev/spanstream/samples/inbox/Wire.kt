package dev.spanstream.samples.inbox

const val KEY = "1b0c5a11c0ffee00000000000000cafe"
const val TRACE = "5b8efff798038103d269b633813fc60c"
const val SPAN = "eee19b7ec3c1b175"
const val CONTAINER_TYPE = "application/vnd.sentry.items.span.v2+json"
const val DSC = """{"trace_id":"$TRACE","public_key":"$KEY"}"""

/** What the specification wants on every span, so that a test sees only the warnings that it provokes. */
const val REQUIRED_ATTRIBUTES =
    """"sentry.segment.id":{"type":"string","value":"$SPAN"},""" +
        """"sentry.segment.name":{"type":"string","value":"some op"},""" +
        """"sentry.trace_lifecycle":{"type":"string","value":"stream"}"""

/** A span that nothing is wrong with, with fields replaced by raw JSON, or removed by null. */
fun span(vararg changes: Pair<String, String?>): String {
    val start = Lab.NOW.epochSecond - 1
    val fields = linkedMapOf(
        "trace_id" to "\"$TRACE\"",
        "span_id" to "\"$SPAN\"",
        "name" to "\"some op\"",
        "status" to "\"ok\"",
        "is_segment" to "true",
        "start_timestamp" to "$start.000001",
        "end_timestamp" to "$start.500001",
        "attributes" to "{$REQUIRED_ATTRIBUTES}",
    )
    changes.forEach { (field, json) -> if (json == null) fields.remove(field) else fields[field] = json }
    return fields.entries.joinToString(",", "{", "}") { "\"${it.key}\":${it.value}" }
}

fun attributes(vararg attributes: Pair<String, String>): Pair<String, String> =
    "attributes" to attributes.joinToString(",", "{$REQUIRED_ATTRIBUTES,", "}") { "\"${it.first}\":${it.second}" }

fun id(number: Int): String = number.toString(16).padStart(16, '0')

fun numbered(number: Int, vararg changes: Pair<String, String?>): String =
    span("span_id" to "\"${id(number)}\"", *changes)

fun container(vararg spans: String): String = spans.joinToString(",", """{"version":2,"items":[""", "]}")

fun item(
    payload: String,
    count: Any? = 1,
    contentType: String? = CONTAINER_TYPE,
    type: String = "span",
): String {
    val header = listOfNotNull(
        """"type":"$type"""",
        count?.let { """"item_count":$it""" },
        contentType?.let { """"content_type":"$it"""" },
        """"length":${payload.encodeToByteArray().size}""",
    )
    return header.joinToString(",", "{", "}") + "\n" + payload + "\n"
}

fun header(trace: String? = DSC, vararg more: Pair<String, String>): String {
    val fields = listOfNotNull(trace?.let { "trace" to it }) + more
    return fields.joinToString(",", "{", "}\n") { "\"${it.first}\":${it.second}" }
}

fun envelope(payload: String, count: Any? = 1, trace: String? = DSC): String = header(trace) + item(payload, count)

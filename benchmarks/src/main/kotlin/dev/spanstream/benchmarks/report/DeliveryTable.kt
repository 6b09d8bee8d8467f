package dev.spanstream.benchmarks.report

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import java.io.File

/** The lines that the delivery has written, as one table; of several runs alike, the one in the middle. */
internal fun deliveryTable(file: File): String {
    val runs = if (file.exists()) file.readLines().map { Json.parseToJsonElement(it).jsonObject } else emptyList()
    val rows = runs
        .groupBy { listOf("case", "perTrace", "sdk").map { key -> it[key]?.jsonPrimitive?.content.orEmpty() } }
        .map { (case, alike) -> case + NUMBERS.map { alike.median(it) } }
    return "| case | spans a trace | | ns of processor time a span | ns a span | bytes a span | lost | of |\n" +
        "|---|--:|---|--:|--:|--:|--:|--:|\n" +
        rows.joinToString("\n") { it.joinToString(" | ", "| ", " |") }
}

private val NUMBERS = listOf("cpuNanos", "nanos", "wireBytes", "lost", "spans")

private fun List<JsonObject>.median(number: String): String {
    val values = mapNotNull { it[number]?.jsonPrimitive?.long }.sorted()
    return if (values.isEmpty()) "" else "${values[(values.size - 1) / 2]}"
}

package dev.spanstream.benchmarks.report

import java.util.Locale

private val ORDER = listOf("NOBODY", "NONE", "SPANSTREAM", "SPANSTREAM_UNSAMPLED", "OPENTELEMETRY", "BRAVE", "SENTRY")

/** A table for each benchmark: a row for each SDK, with what it takes beside what we take. */
internal object Table {
    fun of(results: List<Result>): List<String> =
        results
            .groupBy { Triple(it.benchmark, it.threads, it.parameters.filterKeys { key -> key !in SUBJECTS }) }
            .map { (case, rows) -> table(case.first, case.second, case.third, rows) }

    private fun table(name: String, threads: Int, parameters: Map<String, String>, rows: List<Result>): String {
        val title = (listOf(name) + parameters.values.map(String::lowercase)).joinToString(", ") +
            if (threads > 1) ", $threads threads" else ""
        val none = rows.find { it.subject in NOBODY }
        val ours = rows.find { it.subject == "SPANSTREAM" } ?: rows.first()
        val lines = rows.sortedBy { ORDER.indexOf(it.subject) }.map { row -> line(row, ours, none) }
        val over = if (none == null) "" else " over none"
        return "**$title**\n\n| | time$over | ours to it | bytes$over | ours to it | lost | p50 | p99 |\n" +
            "|---|--:|--:|--:|--:|--:|--:|--:|\n" + lines.joinToString("\n")
    }

    private fun line(row: Result, ours: Result, none: Result?): String {
        val isNone = row === none
        val time = row.time - if (isNone) 0.0 else none?.time ?: 0.0
        val bytes = row.bytes - if (isNone) 0.0 else none?.bytes ?: 0.0
        val ourTime = ours.time - (none?.time ?: 0.0)
        val ourBytes = ours.bytes - (none?.bytes ?: 0.0)
        return listOf(
            row.subject.lowercase(),
            time.shown(),
            if (isNone) "" else ratio(ourTime, time),
            bytes.shown(),
            if (isNone) "" else ratio(ourBytes, bytes),
            row.lost?.let { "%.1f %%".format(Locale.ROOT, maxOf(0.0, it) * 100) }.orEmpty(),
            row.percentiles["50.0"]
                ?.takeIf { "99.0" in row.percentiles && row.isSampled }
                ?.shown()
                .orEmpty(),
            row.percentiles["99.0"]
                ?.takeIf { row.isSampled }
                ?.shown()
                .orEmpty(),
        ).joinToString(" | ", "| ", " |")
    }

    private fun ratio(ours: Double, theirs: Double) =
        if (theirs < 1) "" else "%.2f".format(Locale.ROOT, ours / theirs)

    private fun Double.shown() = if (this < 100) "%.1f".format(Locale.ROOT, this) else "%.0f".format(Locale.ROOT, this)

    private val Result.subject get() = SUBJECTS.firstNotNullOfOrNull { parameters[it] } ?: benchmark.substringAfter('.')

    private val Result.isSampled get() = benchmark.endsWith("latency")

    private val SUBJECTS = listOf("sdk", "way", "plugin")
    private val NOBODY = setOf("NONE", "NOBODY")
}

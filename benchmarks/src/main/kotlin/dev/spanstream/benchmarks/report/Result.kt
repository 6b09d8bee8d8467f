package dev.spanstream.benchmarks.report

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.double
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.File

/**
 * What one benchmark with one set of parameters has measured.
 *
 * @property time of one operation, in the unit of the benchmark: the median of the forks
 * @property bytes that one operation leaves to the collector: the median of the forks
 * @property lost the share of spans that ended and were not exported; null where nobody counted
 */
internal class Result(
    val benchmark: String,
    val threads: Int,
    val parameters: Map<String, String>,
    val time: Double,
    val percentiles: Map<String, Double>,
    val bytes: Double,
    val lost: Double?,
)

/** The results in a file of JMH. */
internal fun results(file: File): List<Result> =
    Json.parseToJsonElement(file.readText()).jsonArray.map { result(it.jsonObject) }

private fun result(json: JsonObject): Result {
    val primary = json.getValue("primaryMetric").jsonObject
    val secondary = json.getValue("secondaryMetrics").jsonObject
    val ended = secondary["ended"]?.total()
    return Result(
        benchmark = json.text("benchmark").substringAfterLast("benchmarks."),
        threads = json.getValue("threads").jsonPrimitive.int,
        parameters = json["params"]?.jsonObject.orEmpty().mapValues { it.value.jsonPrimitive.content },
        time = if ("rawData" in primary) primary.median() else primary.getValue("score").jsonPrimitive.double,
        percentiles = primary.getValue("scorePercentiles").jsonObject.mapValues { it.value.jsonPrimitive.double },
        bytes = secondary.getValue("gc.alloc.rate.norm").median(),
        lost = ended?.let { 1 - secondary.getValue("exported").total() / it },
    )
}

private fun JsonObject.text(name: String) = getValue(name).jsonPrimitive.content

/** Each fork has its mean; of these the middle one. */
private fun JsonElement.median(): Double {
    val forks = forks().map { it.average() }.sorted()
    return (forks[(forks.size - 1) / 2] + forks[forks.size / 2]) / 2
}

private fun JsonElement.total(): Double = forks().flatten().sum()

private fun JsonElement.forks(): List<List<Double>> =
    jsonObject.getValue("rawData").jsonArray.map { fork -> fork.jsonArray.map { it.jsonPrimitive.double } }

package dev.spanstream.benchmarks.report

import java.io.File

/**
 * Prints the tables of docs/PERFORMANCE.md of what a run has measured: `ReportKt directory`, in which there are
 * results of JMH, `*.json`, and lines of the delivery, `delivery.jsonl`.
 */
public fun main(arguments: Array<String>) {
    val directory = File(arguments.single())
    val measured = directory.listFiles { file -> file.extension == "json" }!!.flatMap(::results)
    println(Table.of(measured).joinToString("\n\n"))
    println("\n" + deliveryTable(directory.resolve("delivery.jsonl")))
}

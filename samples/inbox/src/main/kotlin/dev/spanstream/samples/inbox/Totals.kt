package dev.spanstream.samples.inbox

/** What has been counted since the start or the last clear; what is no longer kept included. */
internal data class Totals(
    val accepted: Long = 0,
    val rejected: Long = 0,
    val warnings: Long = 0,
    val discarded: Long = 0,
) {
    fun plus(verdict: Verdict): Totals = Totals(
        accepted + verdict.spans.size,
        rejected + verdict.rejections.sumOf { it.quantity },
        warnings + verdict.warnings.size,
        discarded + verdict.discarded.values.sum(),
    )
}

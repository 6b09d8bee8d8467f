package dev.spanstream.samples.batch

import dev.spanstream.TracerStats
import kotlinx.coroutines.delay
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Shows how far the job is and what became of its spans: as a bar that is drawn again, or line by line. */
internal class Progress(
    private val total: Int,
    private val isBar: Boolean,
    private val stats: () -> TracerStats,
    private val print: (String) -> Unit,
) {
    private val done = AtomicInteger()

    fun add(products: Int) {
        done.addAndGet(products)
    }

    /** Shows it again and again, until it is cancelled. */
    suspend fun show() {
        while (true) {
            draw()
            delay(if (isBar) BAR_PERIOD else LINE_PERIOD)
        }
    }

    /** Shows it for the last time. */
    fun finish() {
        draw()
        if (isBar) print("\n")
    }

    private fun draw() {
        val spans = stats()
        val counts = "${done.get()}/$total products, ${spans.sent()} spans sent, ${spans.droppedTotal()} dropped"
        print(if (isBar) "\r${bar()} $counts" else "$counts\n")
    }

    private fun bar(): String {
        val full = if (total == 0) WIDTH else (WIDTH.toLong() * done.get() / total).toInt()
        return "#".repeat(full).padEnd(WIDTH, '-').let { "[$it]" }
    }

    private companion object {
        const val WIDTH = 30
        val BAR_PERIOD = 100.milliseconds
        val LINE_PERIOD = 1.seconds
    }
}

package dev.spanstream.samples.batch

import dev.spanstream.TracerStats
import dev.spanstream.sink.DropReason
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runTest
import kotlin.time.Duration.Companion.milliseconds

@OptIn(ExperimentalCoroutinesApi::class)
class ProgressTest :
    FunSpec({
        val printed = mutableListOf<String>()
        var stats = stats()

        beforeTest {
            printed.clear()
            stats = stats()
        }

        fun progress(total: Int, isBar: Boolean) = Progress(total, isBar, { stats }, printed::add)

        test("a bar is drawn over itself, ten times a second, and left on a line of its own") {
            runTest {
                val progress = progress(total = 60, isBar = true)
                val shown = launch { progress.show() }
                advanceTimeBy(1.milliseconds)
                progress.add(20)
                stats = stats(sent = 12)
                advanceTimeBy(100.milliseconds)
                shown.cancel()
                progress.add(40)
                stats = stats(sent = 70, dropped = 2)
                progress.finish()

                printed.shouldContainExactly(
                    "\r[------------------------------] 0/60 products, 0 spans sent, 0 dropped",
                    "\r[##########--------------------] 20/60 products, 12 spans sent, 0 dropped",
                    "\r[##############################] 60/60 products, 70 spans sent, 2 dropped",
                    "\n",
                )
            }
        }

        test("without a terminal there is a plain line each second") {
            runTest {
                val progress = progress(total = 60, isBar = false)
                val shown = launch { progress.show() }
                advanceTimeBy(1.milliseconds)
                progress.add(30)
                advanceTimeBy(1_000.milliseconds)
                shown.cancel()
                progress.add(30)
                stats = stats(sent = 70)
                progress.finish()

                printed.shouldContainExactly(
                    "0/60 products, 0 spans sent, 0 dropped\n",
                    "30/60 products, 0 spans sent, 0 dropped\n",
                    "60/60 products, 70 spans sent, 0 dropped\n",
                )
            }
        }
    })

private fun stats(sent: Long = 0, dropped: Long = 0): TracerStats {
    val ended = sent + dropped
    val reasons = if (dropped == 0L) emptyMap() else mapOf(DropReason.NETWORK_ERROR to dropped)
    return TracerStats(ended, 0, ended, sent, 0, 0, reasons, 0)
}

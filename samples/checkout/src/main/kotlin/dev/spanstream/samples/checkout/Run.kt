package dev.spanstream.samples.checkout

import dev.spanstream.samples.common.CommandLine

/** What the command line asks for. */
internal class Run private constructor(val once: Boolean, val orders: Int) {
    /** How many traces are printed at the end: none that were printed before, and thousands of them help nobody. */
    val mostTraces: Int get() = if (once && orders <= MOST_PRINTED) MOST_PRINTED else 0

    companion object {
        private const val USUAL = 5
        private const val MOST_PRINTED = 50

        fun parse(arguments: Array<String>): Run =
            CommandLine.parse(arguments, USUAL, "--once").let { Run(it.hasFlag, it.count) }
    }
}

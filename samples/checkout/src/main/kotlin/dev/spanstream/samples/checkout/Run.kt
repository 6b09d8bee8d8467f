package dev.spanstream.samples.checkout

/** What the command line asks for. */
internal class Run private constructor(val once: Boolean, val orders: Int) {
    /** Prints each trace once it is quiet, while the sample goes on. */
    fun livePrinter(): ((String) -> Unit)? = if (once) null else ::println

    /** Whether the traces are printed when all orders are done; thousands of them help nobody. */
    val printsAtEnd: Boolean get() = once && orders <= MOST_PRINTED

    companion object {
        private const val USUAL = 5
        private const val MOST_PRINTED = 50

        fun parse(arguments: Array<String>): Run {
            val orders =
                arguments.filter { it != "--once" }.map {
                    requireNotNull(it.toIntOrNull()?.takeIf { number -> number > 0 }) {
                        "'$it' is neither --once nor a number of orders"
                    }
                }
            return Run("--once" in arguments, orders.lastOrNull() ?: USUAL)
        }
    }
}

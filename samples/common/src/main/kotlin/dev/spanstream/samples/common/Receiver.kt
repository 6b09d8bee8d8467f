package dev.spanstream.samples.common

import dev.spanstream.TracerStats
import dev.spanstream.samples.inbox.Inbox
import java.io.PrintStream

/** Where a sample sends its spans: to an inbox in this process, or to Sentry if `SENTRY_DSN` is set. */
public class Receiver private constructor(
    private val inbox: Inbox?,
    /** What the option `dsn` is to be. */
    public val dsn: String,
    private val print: (String) -> Unit,
) : AutoCloseable {
    /** Where a browser shows what has arrived; null if the spans go to Sentry. */
    public val pageUrl: String? get() = inbox?.pageUrl

    /**
     * Prints the [mostTraces] first traces that the inbox has, then the stats, then what does not add up. Call it
     * when the tracer is closed.
     *
     * @return the exit code: 0 only if every span that was sampled has been accepted
     */
    @JvmOverloads
    public fun report(stats: TracerStats, mostTraces: Int = MOST_TRACES): Int {
        if (inbox != null && mostTraces > 0) {
            inbox.printTraces(mostTraces)
        }
        print(stats.toString())
        val complaint = complaint(stats, inbox) ?: return 0
        print("FAILED: $complaint")
        return 1
    }

    private fun Inbox.printTraces(most: Int) {
        val traces = traces().sortedBy { trace -> trace.spans.minOf { it.startMicros } }
        traces.take(most).forEach { print(it.tree()) }
        if (traces.size > most) {
            print("and ${traces.size - most} more traces")
        }
    }

    /** Stops the inbox, if there is one. */
    override fun close() {
        inbox?.close()
    }

    public companion object {
        private const val MOST_TRACES = 50

        /**
         * Starts the inbox, unless `SENTRY_DSN` is set.
         *
         * @param isLive whether the inbox prints each trace once it is quiet
         */
        @JvmStatic
        @JvmOverloads
        public fun choose(isLive: Boolean = false): Receiver {
            val terminal = PrintStream(System.out, true, Charsets.UTF_8)
            return choose(System.getenv("SENTRY_DSN"), isLive, terminal::println)
        }

        internal fun choose(sentryDsn: String?, isLive: Boolean, print: (String) -> Unit): Receiver {
            if (!sentryDsn.isNullOrBlank()) {
                return Receiver(null, sentryDsn, print)
            }
            val inbox = Inbox.start { this.print = print.takeIf { isLive } }
            return Receiver(inbox, inbox.dsn, print)
        }
    }
}

package dev.spanstream.samples.inbox

/** Prints finished traces and rejections, one at a time. */
internal class TerminalPrinter(
    private val print: (String) -> Unit,
) : InboxObserver {
    override fun onTraceGrew(traceId: String): Unit = Unit

    override fun onRejection(rejection: Rejection): Unit = printAlone("✗ $rejection")

    fun onTraceFinished(trace: ReceivedTrace): Unit = printAlone(trace.tree() + "\n")

    @Synchronized
    private fun printAlone(text: String) = print(text)
}

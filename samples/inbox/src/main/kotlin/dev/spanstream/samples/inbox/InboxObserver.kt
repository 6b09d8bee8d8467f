package dev.spanstream.samples.inbox

/**
 * Learns what the [TraceStore] has stored, after it is stored. Calls come one at a time, on the thread that answers the
 * request, so they must be short.
 */
internal interface InboxObserver {
    /** Spans were added to the trace; the store has it unless it was evicted at once. */
    fun onTraceGrew(traceId: String)

    fun onRejection(rejection: Rejection)
}

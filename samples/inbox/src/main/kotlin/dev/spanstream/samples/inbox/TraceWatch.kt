package dev.spanstream.samples.inbox

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration

/**
 * Notices that a trace has been quiet for long enough to count as finished. A trace that grows again afterwards finishes
 * again.
 */
internal class TraceWatch(
    private val store: TraceStore,
    private val quietPeriod: Duration,
    private val scope: CoroutineScope,
    private val onFinished: (ReceivedTrace) -> Unit,
) : InboxObserver {
    private val timers = ConcurrentHashMap<String, Job>()

    override fun onTraceGrew(traceId: String) {
        val hasServiceSpan = store.hasServiceSpan(traceId) ?: return
        val wait = if (hasServiceSpan) quietPeriod else quietPeriod * ROOTLESS_FACTOR
        val timer = scope.launch {
            delay(wait)
            timers.remove(traceId)
            store.trace(traceId)?.let(onFinished)
        }
        timers.put(traceId, timer)?.cancel()
    }

    override fun onRejection(rejection: Rejection): Unit = Unit

    private companion object {
        /** Sentry waits 10 s behind the last span if there is a root, and 60 s if there is none. */
        const val ROOTLESS_FACTOR = 6
    }
}

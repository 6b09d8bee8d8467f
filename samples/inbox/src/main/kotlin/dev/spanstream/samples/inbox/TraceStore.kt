package dev.spanstream.samples.inbox

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import org.slf4j.LoggerFactory
import java.time.Instant
import kotlin.concurrent.Volatile

/**
 * The one place that knows what has arrived. Everything in it is bounded by the options. Safe for use from any thread;
 * what it returns are snapshots.
 */
internal class TraceStore(options: InboxOptions) {
    private val lock = Any()

    // Guarded by lock.
    private val traces = BoundedTraces(options.maxTraces, options.maxSpans, options.maxSpanBytes)
    private val envelopes =
        BoundedLog<ReceivedEnvelope>(options.maxEnvelopes, options.maxEnvelopeLogBytes) { it.weight }
    private val rejections = BoundedLog<Rejection>(options.maxFindings)
    private val warnings = BoundedLog<String>(options.maxFindings)
    private val discarded = LinkedHashMap<String, Long>()
    private var totals = Totals()

    private val version = MutableStateFlow(0L)

    @Volatile
    private var observers = emptyList<InboxObserver>()

    /** A number that grows with every change; collect it to wait for something. */
    val changes: StateFlow<Long> = version.asStateFlow()

    fun observe(observer: InboxObserver) {
        synchronized(lock) { observers = observers + observer }
    }

    /** Stores all of a request at once, then tells the observers. */
    fun record(envelope: ReceivedEnvelope, verdict: Verdict) {
        synchronized(lock) {
            envelopes.add(envelope)
            traces.add(verdict.spans, verdict.spanBytes, envelope.receivedAt)
            totals = totals.plus(verdict)
            verdict.rejections.forEach(rejections::add)
            verdict.warnings.forEach(warnings::add)
            verdict.discarded.forEach { (reason, spans) -> discarded.merge(knownReason(reason), spans, Long::plus) }
            version.value++
        }
        val grown = verdict.spans.mapTo(LinkedHashSet()) { it.traceId }
        for (observer in observers) {
            verdict.rejections.forEach { rejection -> tell { observer.onRejection(rejection) } }
            grown.forEach { traceId -> tell { observer.onTraceGrew(traceId) } }
        }
    }

    /** Puts the spans of [batches], each with the time of its arrival, in the place of what is kept of the trace. */
    fun replace(traceId: String, batches: List<Pair<Instant, Verdict>>) {
        synchronized(lock) {
            traces.remove(traceId)
            batches.forEach { (receivedAt, verdict) -> traces.add(verdict.spans, verdict.spanBytes, receivedAt) }
            version.value++
        }
    }

    fun traces(): List<ReceivedTrace> = synchronized(lock) { traces.traces().map { it.snapshot() } }

    fun trace(traceId: String): ReceivedTrace? = synchronized(lock) { traces.trace(traceId)?.snapshot() }

    fun hasServiceSpan(traceId: String): Boolean? = synchronized(lock) { traces.trace(traceId)?.hasServiceSpan }

    /** The spans of one trace that arrived after number [since], in the order of arrival; null if it is not kept. */
    fun keptSpans(traceId: String, since: Long = 0): KeptSpans? = synchronized(lock) {
        traces.trace(traceId)?.let { trace ->
            val spans = trace.spans.takeLastWhile { it.number > since }
            KeptSpans(trace.spans.first().number, trace.summary, spans)
        }
    }

    /** The traces that have changed after arrival [since], oldest first. */
    fun changesSince(since: Long): ChangedTraces = synchronized(lock) {
        val changed = traces.traces().filter { it.touched > since }
        ChangedTraces(traces.arrivals, traces.floor, changed.map { it.summary })
    }

    fun arrivals(): Long = synchronized(lock) { traces.arrivals }

    fun totals(): Totals = synchronized(lock) { totals }

    fun spans(): List<ReceivedSpan> = synchronized(lock) { traces.spans() }

    fun envelopes(): List<ReceivedEnvelope> = synchronized(lock) { envelopes.toList() }

    fun rejections(): List<Rejection> = synchronized(lock) { rejections.toList() }

    fun warnings(): List<String> = synchronized(lock) { warnings.toList() }

    fun discarded(): Map<String, Long> = synchronized(lock) { discarded.toMap() }

    fun acceptedSpanCount(): Long = synchronized(lock) { totals.accepted }

    fun clear() {
        synchronized(lock) {
            traces.clear()
            envelopes.clear()
            rejections.clear()
            warnings.clear()
            discarded.clear()
            totals = Totals()
            version.value++
        }
    }

    /** A reason is free text of the client, so the number of them must be bounded too. */
    private fun knownReason(reason: String) =
        if (reason in discarded || discarded.size < MAX_REASONS) reason else "(other reasons)"

    private fun tell(notification: () -> Unit) {
        runCatching(notification).onFailure { log.warn("An observer failed", it) }
    }

    private companion object {
        const val MAX_REASONS = 100
        val log = LoggerFactory.getLogger(TraceStore::class.java)
    }
}

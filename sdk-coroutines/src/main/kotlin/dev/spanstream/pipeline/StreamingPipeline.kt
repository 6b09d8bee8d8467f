package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason
import dev.spanstream.sink.FinishedSpan
import dev.spanstream.sink.SinkStats
import dev.spanstream.sink.SpanSink
import dev.spanstream.transport.Endpoint
import dev.spanstream.transport.EnvelopeTransport
import dev.spanstream.transport.RateLimits
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import java.time.InstantSource
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlin.time.toKotlinDuration
import java.time.Duration as JavaDuration

/**
 * From the end of a span to the receiver's answer, one way:
 *
 * ```
 * accept ─► Chunk of the local tree ─► Mailbox ─► TraceBatcher: Buckets ─► Batch ─► senders: Courier ─► EnvelopeTransport
 * ```
 *
 * Here the parts are put together, started and stopped; each does its work by itself. Time, threads
 * and chance come in from outside, so that tests have them in hand.
 */
internal class StreamingPipeline(
    endpoint: Endpoint,
    private val settings: PipelineSettings,
    private val transport: EnvelopeTransport,
    private val dispatcher: CoroutineDispatcher,
    timeSource: TimeSource.WithComparableMarks = TimeSource.Monotonic,
    clock: InstantSource = InstantSource.system(),
    random: Random = Random.Default,
) : SpanSink {
    private val wallClock = WallClock(clock)
    private val reports = if (settings.sendClientReports) ClientReports() else null
    private val books = Books(reports)
    private val budget = Budget(settings.maxBufferedSpans, settings.maxBufferedBytes)
    private val mailbox = Mailbox(budget, ::drop)
    private val rateLimits = RateLimits(timeSource, wallClock)
    private val post = Post(endpoint.dsn, transport, rateLimits, reports, wallClock)
    private val ledger = SpoolLedger(books)
    private val spool = settings.spoolDirectory?.let { Spool.open(it, endpoint, wallClock, ledger) }
    private val replay = spool?.let { Replay(it, post, rateLimits, ledger) }
    private val retries = Retries(budget, random, if (spool == null) settings.attempts else Attempts.BEFORE_SPOOLING)
    private val courier =
        Courier(endpoint, post, rateLimits, retries, spool, settings.maxBytesPerEnvelope) { replay?.networkIsThere() }

    private val outbox = Outbox(courier::rescue)
    private val batcher = TraceBatcher(settings, mailbox, books, timeSource, outbox)
    private val monitor = BackpressureMonitor { !budget.isTight && !rateLimits.forbidSpans() }

    private val scope = CoroutineScope(SupervisorJob() + dispatcher + CoroutineName("spanstream") + LogFailure)

    // The batcher runs even if it is cancelled at once, and so counts what has come meanwhile.
    @OptIn(DelicateCoroutinesApi::class)
    private val workers: List<Job> =
        List(settings.senders) { scope.launch { outbox.forEach(::deliver) } } +
            scope.launch(start = CoroutineStart.ATOMIC) { batcher.run() }
    private val closing = AtomicBoolean()
    private val closed = Job()

    private val replaying: Job? = replay?.let { scope.launch { it.run() } }

    init {
        if (reports != null) scope.launch { sendReportsForever() }
        if (settings.enableBackpressureHandling) scope.launch { monitor.run() }
    }

    override fun accept(span: FinishedSpan) {
        if (!chunkFor(span).add(span)) books.dropped(DropReason.BUFFER_OVERFLOW, 1)
    }

    override fun dropped(reason: DropReason, spans: Int) {
        reports?.add(reason, spans.toLong())
    }

    override fun stats(): SinkStats = books.stats()

    override fun downsampleFactor(): Int = monitor.downsampleFactor

    override fun flush(timeout: JavaDuration): Boolean = blocking { awaitFlush(timeout.toKotlinDuration()) } ?: false

    override fun close(timeout: JavaDuration) {
        blocking { awaitClose(timeout.toKotlinDuration()) }
    }

    /** The same as [flush], for callers that can suspend. */
    suspend fun awaitFlush(timeout: Duration): Boolean =
        withTimeoutOrNull(timeout) {
            val batches = batcher.flush()
            batches?.forEach { it.join() }
            // Not withContext, which would wait for its threads whatever the time.
            scope.async { post.sendReport() }.join()
            // A close sends what it can. Without one and without a batcher, which has failed, time runs out here.
            if (closing.get() || batches == null) awaitSettled()
            true
        } ?: false

    /**
     * The same as [close], for callers that can suspend. It is done on the pipeline's own threads:
     * a caller that is interrupted or cancelled only stops waiting for it, and none waits much longer than
     * the timeout, even if those threads hang in a disk. Called again, it waits again, for those that still do.
     */
    suspend fun awaitClose(timeout: Duration) {
        val isFirst = closing.compareAndSet(false, true)
        if (isFirst) CoroutineScope(dispatcher + LogFailure).launch { shutDown(timeout) }
        withTimeoutOrNull(timeout + LAST_ORDERS * 2) { if (isFirst) closed.join() else awaitSettled() }
    }

    /** Calls [action] when everything is closed, and written. */
    fun onClosed(action: () -> Unit) {
        closed.invokeOnCompletion { scope.coroutineContext.job.invokeOnCompletion { action() } }
    }

    /** Returns when it is closed and nobody is at work any more: what is being written is in no account meanwhile. */
    private suspend fun awaitSettled() {
        closed.join()
        scope.coroutineContext.job.join()
    }

    private suspend fun shutDown(timeout: Duration) {
        try {
            mailbox.close()
            replay?.stop()
            // To write to a disk takes a while, too.
            val lastOrders = if (spool == null) LAST_ORDERS else maxOf(timeout / 4, LAST_ORDERS)
            val inTime = withTimeoutOrNull(if (spool == null) timeout else timeout - timeout / 4) {
                workers.joinAll()
                replaying?.join()
                post.sendReport()
                true
            }
            val lostBefore = books.lost()
            // What is still here is spooled or counted by whoever holds it, on being cancelled.
            withTimeoutOrNull(lastOrders) { scope.coroutineContext.job.cancelAndJoin() }
            // Also if somebody does not heed that.
            batcher.closeUnderWay()
            if (inTime == null) tellOfLost(books.lost() - lostBefore, timeout)
        } finally {
            try {
                transport.close()
            } finally {
                closed.complete()
            }
        }
    }

    private fun tellOfLost(spans: Long, timeout: Duration) {
        if (spans == 0L) return
        val level = if (settings.isCopy) System.Logger.Level.DEBUG else System.Logger.Level.WARNING
        val advice = if (settings.spoolDirectory == null) ", or set spoolDirectory" else ""
        val lost = "Spans were not sent in the $timeout that closing may take, and are lost: $spans"
        Log.log(level, "$lost. Raise shutdownTimeout$advice.")
    }

    private suspend fun deliver(batch: Batch) {
        try {
            batcher.batchTaken()
        } finally {
            courier.deliver(batch)
        }
    }

    private fun drop(chunk: Chunk) {
        val spans = chunk.fetch().count { it != null }
        budget.giveBack(spans)
        books.dropped(DropReason.BUFFER_OVERFLOW, spans)
    }

    private fun chunkFor(span: FinishedSpan): Chunk {
        val attached = span.tree.attachment ?: span.tree.attachIfAbsent(Chunk(mailbox))
        // Another pipeline's, if somebody feeds two from one tracer: then a chunk for this span alone.
        return (attached as? Chunk)?.takeIf { it.mailbox === mailbox } ?: Chunk(mailbox)
    }

    private suspend fun sendReportsForever() {
        while (true) {
            delay(REPORT_INTERVAL)
            post.sendReport()
        }
    }

    /** Waits for [block]; null, with the interrupt kept, if the thread is interrupted meanwhile. */
    private fun <T : Any> blocking(block: suspend () -> T): T? =
        try {
            runBlocking { block() }
        } catch (_: InterruptedException) {
            Thread.currentThread().interrupt()
            null
        }

    private companion object {
        val REPORT_INTERVAL = 30.seconds

        /** For cancelled coroutines to count what they hold: they do not wait for anything any more. */
        val LAST_ORDERS = 1.seconds

        val LogFailure =
            CoroutineExceptionHandler { _, e -> Log.log(System.Logger.Level.ERROR, "The pipeline has failed", e) }
    }
}

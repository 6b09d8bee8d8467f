package dev.spanstream.samples.inbox

import io.ktor.server.cio.CIO
import io.ktor.server.engine.EmbeddedServer
import io.ktor.server.engine.embeddedServer
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.firstOrNull
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * A local receiver of streamed spans that accepts what Sentry's Relay accepts, and says of all else why it is lost.
 *
 * ```
 * Inbox.start().use { inbox ->
 *     // … let the code under test send to inbox.dsn …
 *     val spans = inbox.awaitSpans(3)
 *     inbox.rejections().shouldBeEmpty()
 * }
 * ```
 *
 * Everything about a request is here before its client has the answer. Old entries go when the limits of [InboxOptions]
 * are reached. Safe for use from any thread.
 */
public class Inbox private constructor(
    private val server: EmbeddedServer<*, *>,
    private val store: TraceStore,
    private val background: CoroutineScope,
    host: String,
    /** The port that the inbox listens on. */
    public val port: Int,
) : AutoCloseable {
    /** Where an SDK sends to. Key and project are the same for every inbox. */
    public val dsn: String = InboxDsn.of(host, port)

    /** Where a browser shows what has arrived. */
    public val pageUrl: String = InboxDsn.pageUrl(host, port)

    /** The traces that are kept, oldest first. */
    public fun traces(): List<ReceivedTrace> = store.traces()

    /** What has arrived of one trace; null if nothing, or if it is no longer kept. */
    public fun trace(traceId: String): ReceivedTrace? = store.trace(traceId)

    /** The last requests, taken or refused, in the order of their answers. */
    public fun envelopes(): List<ReceivedEnvelope> = store.envelopes()

    /** What was lost and why, oldest first. The client has mostly been told 200. */
    public fun rejections(): List<Rejection> = store.rejections()

    /** What Relay lets pass or repairs, but an SDK should not send; oldest first. */
    public fun warnings(): List<String> = store.warnings()

    /** What client reports say was dropped before sending: reason to number of spans. */
    public fun discarded(): Map<String, Long> = store.discarded()

    /** How many spans were accepted since the start or the last [clear], those no longer kept included. */
    public fun acceptedSpanCount(): Long = store.acceptedSpanCount()

    /**
     * Suspends until [count] spans are accepted in all, and returns the spans that are kept, in the order of arrival.
     *
     * The [timeout] is real time, also under a test scheduler with virtual time.
     *
     * @throws AssertionError at the timeout, with a list of what there is and what was rejected
     */
    public suspend fun awaitSpans(count: Int, timeout: Duration = 10.seconds): List<ReceivedSpan> =
        await("$count spans", timeout) { if (store.acceptedSpanCount() >= count) store.spans() else null }

    /**
     * Suspends until a trace fulfils the [predicate], and returns it as it was then. The predicate is asked on other
     * threads, again after each request; what it throws is thrown here.
     *
     * The [timeout] is real time, also under a test scheduler with virtual time.
     *
     * @throws AssertionError at the timeout, with a list of what there is and what was rejected
     */
    public suspend fun awaitTrace(
        timeout: Duration = 10.seconds,
        predicate: (ReceivedTrace) -> Boolean,
    ): ReceivedTrace = await("a trace", timeout) { store.traces().firstOrNull(predicate) }

    /** Forgets everything that has arrived. */
    public fun clear(): Unit = store.clear()

    /** Stops listening, which may take a second; what has arrived can still be read. */
    override fun close() {
        server.stop(gracePeriodMillis = 0, timeoutMillis = STOP_MILLIS)
        background.cancel()
    }

    private suspend fun <T : Any> await(what: String, timeout: Duration, find: () -> T?): T {
        val found = withContext(Dispatchers.Default) {
            withTimeoutOrNull(timeout) { store.changes.mapNotNull { find() }.firstOrNull() }
        }
        return found ?: throw AssertionError("No sign of $what within $timeout. ${InboxReport(store).text()}")
    }

    public companion object {
        private const val STOP_MILLIS = 1_000L

        /**
         * Starts an inbox and returns when it listens.
         *
         * @param port 0, the default, takes any free port
         * @param host the name or address to listen on. Default: the loopback address, so that only this machine
         *   reaches it
         * @throws java.io.IOException if the address cannot be bound
         * @throws IllegalArgumentException if a limit or a duration of the options is not positive
         */
        @JvmStatic
        @JvmOverloads
        public fun start(
            port: Int = 0,
            host: String = "127.0.0.1",
            configure: InboxOptions.() -> Unit = {},
        ): Inbox {
            val options = InboxOptions().apply(configure).apply { check() }
            val store = TraceStore(options)
            val background = CoroutineScope(SupervisorJob() + Dispatchers.Default)
            options.print?.let { print -> store.printTo(print, options, background) }
            val bodies = BodyReader(options.maxEnvelopeSize, options.bodyTimeout)
            val endpoint = EnvelopeEndpoint(Intake(options, store), bodies)
            val page = PageEndpoint(store, bodies, host, options.clock)
            val server = embeddedServer(CIO, port, host) {
                endpoint.installIn(this)
                page.installIn(this)
            }
            return Inbox(server, store, background, host, listen(server))
        }

        private fun listen(server: EmbeddedServer<*, *>): Int =
            try {
                server.start(wait = false)
                runBlocking {
                    server.engine
                        .resolvedConnectors()
                        .first()
                        .port
                }
            } catch (e: CancellationException) {
                // The engine wraps the cause in its own cancellation.
                throw generateSequence<Throwable>(e) { it.cause }.firstOrNull { it is IOException } ?: e
            }

        private fun TraceStore.printTo(print: (String) -> Unit, options: InboxOptions, scope: CoroutineScope) {
            val printer = TerminalPrinter(print)
            observe(printer)
            observe(TraceWatch(this, options.traceQuietPeriod, scope, printer::onTraceFinished))
        }
    }
}

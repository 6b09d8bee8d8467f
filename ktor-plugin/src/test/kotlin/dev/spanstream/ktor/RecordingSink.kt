package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.TracingOptions
import dev.spanstream.sink.DropReason
import dev.spanstream.sink.FinishedSpan
import dev.spanstream.sink.SpanSink
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.seconds

/**
 * Hands over each span as it ends, because a client has its response before the span of the server
 * has ended. What is not taken is still there for [untaken].
 */
class RecordingSink : SpanSink {
    private val spans = Channel<FinishedSpan>(Channel.UNLIMITED)
    private val drops = Channel<DropReason>(Channel.UNLIMITED)

    override fun accept(span: FinishedSpan) {
        spans.trySend(span)
    }

    override fun dropped(reason: DropReason, spans: Int) {
        repeat(spans) { drops.trySend(reason) }
    }

    suspend fun take(): FinishedSpan = inTime { spans.receive() }

    suspend fun take(count: Int): List<FinishedSpan> = List(count) { take() }

    suspend fun takeDrop(): DropReason = inTime { drops.receive() }

    fun untaken(): List<FinishedSpan> = generateSequence { spans.tryReceive().getOrNull() }.toList()

    /** Real time, also in a test host, whose time is virtual. */
    private suspend fun <T> inTime(receive: suspend () -> T): T =
        withContext(Dispatchers.Default) { withTimeout(10.seconds) { receive() } }
}

/** A tracer that records everything, in strict mode, unless told otherwise. */
fun tracer(sink: SpanSink, configure: TracingOptions.() -> Unit = {}): Tracer =
    Tracer.create { options ->
        options.setSink(sink)
        options.tracesSampleRate = 1.0
        options.strictMode = StrictModes.forThisTest()
        options.configure()
    }

operator fun FinishedSpan.get(attribute: String): Any? = sentAttributes[attribute]

package dev.spanstream.benchmarks.sdk

import dev.spanstream.TracingOptions
import dev.spanstream.pipeline.Batch
import dev.spanstream.pipeline.Books
import dev.spanstream.pipeline.Budget
import dev.spanstream.pipeline.Chunk
import dev.spanstream.pipeline.Mailbox
import dev.spanstream.pipeline.Outbox
import dev.spanstream.pipeline.PipelineSettings
import dev.spanstream.pipeline.TraceBatcher
import dev.spanstream.sink.DropReason
import dev.spanstream.sink.FinishedSpan
import dev.spanstream.sink.SinkStats
import dev.spanstream.sink.SpanSink
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.time.Duration
import kotlin.time.TimeSource

/**
 * The pipeline as far as the batcher: batches are counted as sent where they
 * would be encoded. So it ends where the batch processor of a peer hands spans to an exporter that does nothing.
 */
public class DiscardingSink(options: TracingOptions) : SpanSink {
    private val settings = PipelineSettings.of(options)
    private val books = Books(null)
    private val budget = Budget(settings.maxBufferedSpans, settings.maxBufferedBytes)
    private val mailbox = Mailbox(budget) { }
    private val outbox = Outbox(Batch::close)
    private val batcher = TraceBatcher(settings, mailbox, books, TimeSource.Monotonic, outbox)
    private val scope = CoroutineScope(Dispatchers.IO.limitedParallelism(2))

    init {
        scope.launch { batcher.run() }
        scope.launch {
            outbox.forEach { batch ->
                batcher.batchTaken()
                batch.sent(batch.take().size)
                batch.close()
            }
        }
    }

    override fun accept(span: FinishedSpan) {
        val chunk = (span.tree.attachment ?: span.tree.attachIfAbsent(Chunk(mailbox))) as Chunk
        if (!chunk.add(span)) books.dropped(DropReason.BUFFER_OVERFLOW, 1)
    }

    override fun dropped(reason: DropReason, spans: Int): Unit = Unit

    override fun stats(): SinkStats = books.stats()

    override fun flush(timeout: Duration): Boolean {
        runBlocking { batcher.flush()?.forEach { it.join() } }
        return true
    }

    override fun close(timeout: Duration) {
        flush(timeout)
        scope.cancel()
    }
}

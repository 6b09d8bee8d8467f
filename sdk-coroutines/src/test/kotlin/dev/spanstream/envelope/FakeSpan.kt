package dev.spanstream.envelope

import dev.spanstream.SpanLink
import dev.spanstream.SpanStatus
import dev.spanstream.sink.FinishedSpan
import dev.spanstream.sink.SpanTree
import java.util.concurrent.atomic.AtomicReference
import java.util.function.BiConsumer

/** A local tree with names and ids of the test's choice. */
internal class FakeTree(
    val trace: Long = 1,
    @Volatile var name: String = "GET /orders",
    var dsc: Map<String, String>? = null,
) : SpanTree {
    private val slot = AtomicReference<Any?>()

    override fun getTraceIdHigh(): Long = 0xabcL

    override fun getTraceIdLow(): Long = trace

    override fun getTraceId(): String = "%016x%016x".format(traceIdHigh, trace)

    override fun getServiceSpanId(): String = "00000000000000ff"

    override fun getServiceSpanName(): String = name

    override fun hasServiceSpanEnded(): Boolean = false

    override fun getDynamicSamplingContext(): Map<String, String> =
        dsc ?: linkedMapOf("trace_id" to traceId, "public_key" to "e12d836b15bb49d7bbf99e64295d995b")

    override fun getAttachment(): Any? = slot.get()

    override fun attachIfAbsent(attachment: Any): Any = slot.compareAndExchange(null, attachment) ?: attachment
}

/** A span that says what the test wants it to say; its segment name is read late, as the real one's. */
internal class FakeSpan(
    private val tree: FakeTree = FakeTree(),
    private val id: Long = 1,
    private val parent: Long = 0,
    private val name: String = "work",
    private val status: SpanStatus = SpanStatus.OK,
    private val serviceSpan: Boolean = false,
    private val start: Long = 1_790_000_000_130_112,
    private val end: Long = 1_790_000_000_171_009,
    private val own: Map<String, Any> = emptyMap(),
    private val links: List<SpanLink> = emptyList(),
) : FinishedSpan {
    override fun getTree(): SpanTree = tree

    override fun getSpanId(): String = "%016x".format(id)

    override fun getSpanIdBits(): Long = id

    override fun getParentSpanId(): String? = if (parent == 0L) null else "%016x".format(parent)

    override fun getParentSpanIdBits(): Long = parent

    override fun getName(): String = name

    override fun getStatus(): SpanStatus = status

    override fun isServiceSpan(): Boolean = serviceSpan

    override fun getStartMicros(): Long = start

    override fun getEndMicros(): Long = end

    override fun getLinks(): List<SpanLink> = links

    override fun forEachAttribute(action: BiConsumer<in String, Any>) {
        action.accept("sentry.segment.name", tree.name)
        own.forEach(action)
    }
}

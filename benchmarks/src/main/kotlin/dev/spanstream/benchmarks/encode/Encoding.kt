package dev.spanstream.benchmarks.encode

import dev.spanstream.envelope.FastGzip
import dev.spanstream.envelope.SpanEncoder
import dev.spanstream.sink.FinishedSpan
import java.io.ByteArrayOutputStream

/** What the pipeline does to spans before it sends them. */
public object Encoding {
    private val encoder = SpanEncoder { throw it }

    @JvmStatic
    public fun json(spans: List<FinishedSpan>): Any = encoder.encode(spans)

    @JvmStatic
    public fun compressed(spans: List<FinishedSpan>): Any {
        val bytes = ByteArrayOutputStream()
        FastGzip(bytes).use(encoder.encode(spans)::writeTo)
        return bytes
    }

    @JvmStatic
    public fun measured(spans: List<FinishedSpan>): Long = spans.sumOf(FinishedSpan::getEstimatedBytes)
}

package dev.spanstream.envelope

import kotlinx.serialization.json.Json
import java.io.ByteArrayOutputStream
import java.io.OutputStream

/**
 * What is posted in one request: a header line, then at most one container of spans, then at most
 * one client report, each behind a header line of its own (sdk/foundations/envelopes).
 *
 * Made anew for every attempt, since the header says when; the spans are encoded once. Everything
 * else is encoded here, so that what is wrong with it is not taken for a trouble of the network.
 */
internal class Envelope(header: EnvelopeHeader, private val spans: EncodedSpans?, report: ClientReport?) {
    private val header = Json.encodeToString(EnvelopeHeaderSerializer, header).encodeToByteArray()
    private val report = report?.let { Json.encodeToString(ClientReportSerializer, it).encodeToByteArray() }

    /** Writes the envelope as the protocol has it, uncompressed. */
    fun writeTo(out: OutputStream) {
        out.write(header)
        if (spans != null) {
            out.writeItemHeader(ItemHeader.Spans(spans.count, spans.length))
            spans.writeTo(out)
        }
        if (report != null) {
            out.writeItemHeader(ItemHeader.Report(report.size))
            out.write(report)
        }
        out.write(LINE_FEED)
    }

    /** The envelope, gzip-compressed. */
    fun gzipped(): ByteArray {
        val bytes = ByteArrayOutputStream(GZIP_CAPACITY)
        FastGzip(bytes).use(::writeTo)
        return bytes.toByteArray()
    }

    private fun OutputStream.writeItemHeader(item: ItemHeader) {
        write(LINE_FEED)
        write(Json.encodeToString(ItemHeaderSerializer, item).encodeToByteArray())
        write(LINE_FEED)
    }

    private companion object {
        const val LINE_FEED = '\n'.code
        const val GZIP_CAPACITY = 4 * 1024
    }
}

package dev.spanstream.envelope

import kotlinx.serialization.SerializationException
import kotlinx.serialization.builtins.ListSerializer
import kotlinx.serialization.builtins.MapSerializer
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.json.Json
import java.io.ByteArrayOutputStream
import java.io.EOFException
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream

/**
 * How encoded spans of one trace are kept in a file: a line with their dynamic sampling context, one
 * with their lengths, then the spans as they are sent, one after the other. There is no `sent_at`,
 * which is that of the attempt to send them.
 */
internal object SpooledSpans {
    private val traceSerializer = MapSerializer(String.serializer(), String.serializer())
    private val lengthsSerializer = ListSerializer(Int.serializer())

    fun write(
        spans: EncodedSpans,
        trace: Map<String, String>,
        out: OutputStream,
    ) {
        out.write(Json.encodeToString(traceSerializer, trace).encodeToByteArray())
        out.write(LINE_FEED)
        out.write(Json.encodeToString(lengthsSerializer, spans.lengths()).encodeToByteArray())
        out.write(LINE_FEED)
        spans.writeBareTo(out)
    }

    /**
     * Reads what [write] has written.
     *
     * @throws IOException if it cannot be read, or is not whole
     */
    fun read(input: InputStream): Pair<EncodedSpans, Map<String, String>> =
        try {
            val trace = Json.decodeFromString(traceSerializer, input.readLine())
            val ends = Json.decodeFromString(lengthsSerializer, input.readLine()).runningReduce(Int::plus)
            val json = input.readAllBytes()
            val length = ends.lastOrNull() ?: 0
            if (json.size != length) throw EOFException("It has ${json.size} bytes of spans, not $length")
            EncodedSpans(json, ends.toIntArray()) to trace
        } catch (e: SerializationException) {
            throw IOException("It does not begin as it should", e)
        }

    private fun InputStream.readLine(): String {
        val line = ByteArrayOutputStream()
        while (true) {
            val byte = read()
            if (byte < 0) throw EOFException("It ends in a line")
            if (byte == LINE_FEED) return line.toString(Charsets.UTF_8)
            line.write(byte)
        }
    }

    private const val LINE_FEED = '\n'.code
}

package dev.spanstream.envelope

import dev.spanstream.SpanLink
import dev.spanstream.SpanStatus
import dev.spanstream.internal.SdkInfo
import dev.spanstream.sink.DropReason
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import java.io.ByteArrayOutputStream
import java.time.Instant
import java.util.zip.GZIPInputStream

private val encoder = SpanEncoder { throw it }
private val sdk = """{"name":"${SdkInfo.NAME}","version":"${SdkInfo.VERSION}"}"""

private fun Envelope.text() = ByteArrayOutputStream().also(::writeTo).toByteArray().decodeToString()

class EnvelopeTest : StringSpec({
    "An envelope is not byte for byte what the protocol wants" {
        val tree = FakeTree(trace = 0x700)
        val child = FakeSpan(
            tree,
            id = 0x2b7,
            parent = 0x169,
            name = "GET \"größe\" \\ 𝄞 \u0001",
            status = SpanStatus.ERROR,
            own = linkedMapOf(
                "text" to "a\nb",
                "yes" to true,
                "long" to Long.MIN_VALUE,
                "double" to 0.1,
                "huge" to 1.79e300,
                "strings" to listOf("x", "ü"),
                "longs" to listOf(1L, 2L),
                "doubles" to listOf(1.5),
                "booleans" to listOf(true, false),
                "none" to emptyList<String>(),
            ),
            links = listOf(
                SpanLink("0".repeat(31) + "1", "000000000000000a", true, mapOf("sentry.link.type" to "follows_from")),
                SpanLink.to("0".repeat(31) + "2", "000000000000000b"),
            ),
        )
        val root = FakeSpan(tree, id = 0x169, name = "GET /orders", serviceSpan = true, start = 5, end = 1_000_000)
        val payload =
            """{"version":2,"items":[""" +
                """{"trace_id":"0000000000000abc0000000000000700","span_id":"00000000000002b7",""" +
                """"parent_span_id":"0000000000000169","name":"GET \"größe\" \\ 𝄞 \u0001","status":"error",""" +
                """"is_segment":false,"start_timestamp":1790000000.130112,"end_timestamp":1790000000.171009,""" +
                """"attributes":{"sentry.segment.name":{"type":"string","value":"GET /orders"},""" +
                """"text":{"type":"string","value":"a\nb"},"yes":{"type":"boolean","value":true},""" +
                """"long":{"type":"integer","value":-9223372036854775808},"double":{"type":"double","value":0.1},""" +
                """"huge":{"type":"double","value":1.79E300},"strings":{"type":"array","value":["x","ü"]},""" +
                """"longs":{"type":"array","value":[1,2]},"doubles":{"type":"array","value":[1.5]},""" +
                """"booleans":{"type":"array","value":[true,false]},"none":{"type":"array","value":[]}},""" +
                """"links":[{"trace_id":"00000000000000000000000000000001","span_id":"000000000000000a",""" +
                """"sampled":true,"attributes":{"sentry.link.type":{"type":"string","value":"follows_from"}}},""" +
                """{"trace_id":"00000000000000000000000000000002","span_id":"000000000000000b"}]},""" +
                """{"trace_id":"0000000000000abc0000000000000700","span_id":"0000000000000169",""" +
                """"name":"GET /orders","status":"ok","is_segment":true,"start_timestamp":0.000005,""" +
                """"end_timestamp":1.000000,""" +
                """"attributes":{"sentry.segment.name":{"type":"string","value":"GET /orders"}}}]}"""
        val header = EnvelopeHeader(
            sentAt = Instant.parse("2026-09-21T14:13:21Z"),
            dsn = "https://key@o1.ingest.sentry.io/42",
            trace = tree.dynamicSamplingContext,
        )

        Envelope(header, encoder.encode(listOf(child, root)), report = null).text() shouldBe
            """{"sent_at":"2026-09-21T14:13:21.000Z","dsn":"https://key@o1.ingest.sentry.io/42","sdk":$sdk,""" +
            """"trace":{"trace_id":"0000000000000abc0000000000000700",""" +
            """"public_key":"e12d836b15bb49d7bbf99e64295d995b"}}""" + "\n" +
            """{"type":"span","item_count":2,"content_type":"application/vnd.sentry.items.span.v2+json",""" +
            """"length":${payload.encodeToByteArray().size}}""" + "\n" + payload + "\n"
    }

    "A report does not ride along behind the spans with its own length" {
        val report = ClientReport(1_790_000_030, linkedMapOf(DropReason.SAMPLE_RATE to 17L, DropReason.IGNORED to 3L))
        val payload =
            """{"timestamp":1790000030,"discarded_events":[""" +
                """{"reason":"sample_rate","category":"span","quantity":17},""" +
                """{"reason":"ignored","category":"span","quantity":3}]}"""

        val header = EnvelopeHeader(Instant.EPOCH, dsn = null, trace = mapOf("trace_id" to "1"))
        val lines = Envelope(header, encoder.encode(listOf(FakeSpan())), report).text().lines()

        lines.size shouldBe 6
        lines.drop(3) shouldBe listOf("""{"type":"client_report","length":${payload.length}}""", payload, "")
    }

    "A report alone comes with the trace of somebody, or without an envelope around it" {
        val report = ClientReport(7, mapOf(DropReason.IGNORED to 1L))
        val header = EnvelopeHeader(Instant.EPOCH.plusMillis(4), dsn = "http://k@h/1", trace = null)

        Envelope(header, spans = null, report).text() shouldBe
            """{"sent_at":"1970-01-01T00:00:00.004Z","dsn":"http://k@h/1","sdk":$sdk}""" + "\n" +
            """{"type":"client_report","length":88}""" + "\n" +
            """{"timestamp":7,"discarded_events":[{"reason":"ignored","category":"span","quantity":1}]}""" + "\n"
    }

    "The largest possible report passes the 4 KiB that receivers allow" {
        val report = ClientReport(Long.MAX_VALUE, DropReason.entries.associateWith { Long.MAX_VALUE })
        val header = EnvelopeHeader(Instant.EPOCH, dsn = null, trace = null)

        Envelope(header, spans = null, report).text().length shouldBeLessThan 4_096
    }

    "Compression changes the envelope" {
        val envelope = Envelope(EnvelopeHeader(Instant.EPOCH, null, null), encoder.encode(listOf(FakeSpan())), null)

        GZIPInputStream(envelope.gzipped().inputStream()).readBytes().decodeToString() shouldBe envelope.text()
    }
})

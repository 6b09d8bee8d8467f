package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe

class DscTest : StringSpec({
    fun dsc(more: String) = """{"trace_id":"$TRACE","public_key":"$KEY",$more}"""

    val unreadable = mapOf(
        null to "trace",
        "null" to "trace",
        "\"x\"" to "trace",
        "[]" to "trace",
        "{}" to "trace_id",
        """{"public_key":"$KEY"}""" to "trace_id",
        """{"trace_id":"x","public_key":"$KEY"}""" to "trace_id",
        """{"trace_id":"$TRACE"}""" to "public_key",
        """{"trace_id":"$TRACE","public_key":"abc"}""" to "public_key",
        dsc("\"sample_rate\":\"\"") to "sample_rate",
        dsc("\"sample_rate\":\".5\"") to "sample_rate",
        dsc("\"sample_rate\":\"NaN\"") to "sample_rate",
        dsc("\"sample_rate\":\"-0.1\"") to "sample_rate",
        dsc("\"sample_rate\":\"1e999\"") to "sample_rate",
        dsc("\"sample_rate\":-1") to "sample_rate",
        dsc("\"sample_rate\":true") to "sample_rate",
        dsc("\"sampled\":1") to "sampled",
        dsc("\"replay_id\":\"\"") to "replay_id",
        dsc("\"replay_id\":\"x\"") to "replay_id",
        dsc("\"replay_id\":1") to "replay_id",
        dsc("\"release\":1") to "release",
        dsc("\"environment\":1") to "environment",
        dsc("\"transaction\":1") to "transaction",
        dsc("\"segment_name\":1") to "segment_name",
        dsc("\"transaction\":\"a\",\"segment_name\":\"a\"") to "segment_name",
        dsc("\"user_id\":null") to "user_id",
        dsc("\"user_segment\":null") to "user_segment",
    )
    unreadable.forEach { (trace, field) ->
        "trace $trace costs all spans: missing_dsc" {
            Lab.run {
                send(numbered(1), numbered(2), trace = trace)
                inbox.traces().shouldBeEmpty()
                val rejection = inbox.rejections().single()
                rejection.reason shouldBe "missing_dsc"
                rejection.quantity shouldBe 2
                rejection.field shouldBe field
                inbox.envelopes().single().dynamicSamplingContext shouldBe null
            }
        }
    }

    val readable = listOf(
        "\"sample_rate\":\"0.25\"",
        "\"sample_rate\":0.25",
        "\"sample_rate\":\"1e-3\"",
        "\"sample_rate\":null",
        "\"sampled\":true",
        "\"sampled\":\"true\"",
        "\"sampled\":\"maybe\"",
        "\"replay_id\":null",
        "\"replay_id\":\"$TRACE\"",
        "\"release\":null,\"environment\":null,\"transaction\":null",
        "\"user_id\":\"\",\"user_segment\":\"\"",
        "\"org_id\":1,\"sample_rand\":\"x\",\"new\":{}",
    )
    readable.forEach { more ->
        "trace with $more is read" {
            Lab.run {
                send(span(), trace = dsc(more))
                val trace = inbox.awaitTrace { it.traceId == TRACE }
                trace.dynamicSamplingContexts.single().toString() shouldBe dsc(more)
            }
        }
    }

    "trace ids are the same in either case and with hyphens" {
        Lab.run {
            send(span("trace_id" to "\"5B8EFFF7-9803-8103-D269-B633813FC60C\""))
            inbox.awaitSpans(1).single().traceId shouldBe TRACE
        }
    }

    listOf(null, "null", "1", "\"\"", "\"5b8e\"").forEach { id ->
        "a span with trace_id $id costs the whole envelope: invalid_dsc" {
            Lab.run {
                send(numbered(1), numbered(2, "trace_id" to id))
                inbox.rejections().single().let { it.reason to it.quantity } shouldBe ("invalid_dsc" to 2L)
            }
        }
    }

    "the public key may be of another project" {
        Lab.run {
            send(span(), trace = DSC.replace(KEY, "f".repeat(32)))
            inbox.acceptedSpanCount() shouldBe 1
        }
    }
})

package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class EnvelopeHeaderTest : StringSpec({
    val wrong = mapOf(
        "event_id" to listOf("1", "\"x\"", "\"${"g".repeat(32)}\""),
        "sent_at" to listOf("1790000000", "\"yesterday\"", "\"2026-09-21T14:13:21\"", "\"2026-13-21T14:13:21Z\""),
        "dsn" to listOf("1", "\"\"", "\"http://127.0.0.1/1\"", "\"ftp://$KEY@127.0.0.1/1\"", "\"http://$KEY@host/x\""),
        "retention" to listOf("\"90\"", "-1", "65536", "1.0"),
    )
    wrong.forEach { (field, values) ->
        values.forEach { value ->
            "$field $value is answered 400" {
                Lab.run {
                    val response = post("{\"$field\":$value}\n")
                    response.statusCode() shouldBe 400
                    response.body() shouldContain "\"causes\":[\"invalid envelope header\",\"$field must be"
                }
            }
        }
    }

    listOf("event_id", "sent_at", "dsn", "trace").forEach { field ->
        "$field given twice is answered 400" {
            Lab.run {
                val response = post("{\"$field\":null,\"$field\":null}\n")
                response.statusCode() shouldBe 400
                response.body() shouldContain "duplicate field '$field'"
            }
        }
    }

    "a header that Relay does not know may stand twice, with a warning" {
        Lab.run {
            post("{\"new\":1,\"new\":2}\n").statusCode() shouldBe 200
            inbox.warnings() shouldContainExactly listOf("key 'new' stands twice in the envelope header")
        }
    }

    "typed fields may be null, unknown ones anything" {
        Lab.run {
            post("""{"event_id":null,"sent_at":null,"dsn":null,"retention":null,"new":[1]}""").statusCode() shouldBe 200
            inbox.warnings().shouldBeEmpty()
        }
    }

    "well-formed typed fields are taken" {
        Lab.run {
            val id = "\"5b8efff7-9803-8103-d269-b633813fc60c\""
            post(
                """{"event_id":$id,"sent_at":"2026-11-21T13:00:00.123456+01:00","dsn":"${inbox.dsn}","retention":30}""",
            ).body() shouldBe "{\"id\":\"$TRACE\"}"
        }
    }

    "a dsn of another project or key is answered 400" {
        Lab.run {
            post("""{"dsn":"http://$KEY@127.0.0.1/2"}""").body() shouldContain
                "project id header mismatch between envelope and request"
            post("""{"dsn":"http://${"f".repeat(32)}@127.0.0.1/1"}""").body() shouldContain
                "public key header mismatch between envelope and request"
            inbox.envelopes().map { it.status } shouldContainExactly listOf(400, 400)
        }
    }

    "a header nested 127 deep is read, one level more is refused" {
        Lab.run {
            fun nested(levels: Int) = "{\"x\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}\n"
            post(nested(127)).statusCode() shouldBe 200
            post(nested(128)).statusCode() shouldBe 400
        }
    }
})

package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class SpanContainerTest : StringSpec({
    fun named(json: String) = container(span("name" to json))

    val unreadable = mapOf(
        "a lone high surrogate" to named("\"cut \\uD83D\""),
        "a lone low surrogate" to named("\"cut \\uDE00\""),
        "a high surrogate before another escape" to named("\"\\uD83D\\n\""),
        "a lone surrogate in a key" to container(span("\\uD800" to "1")),
        "a lone surrogate in an attribute" to
            container(span(attributes("k" to """{"type":"string","value":"\uD800"}"""))),
        "a raw line feed in a string" to named("\"a\nb\""),
        "an unknown escape" to named("\"\\x41\""),
        "an unquoted string" to named("op"),
        "single quotes" to named("'op'"),
        "NaN" to named("NaN"),
        "a number with a leading zero" to named("01"),
        "a number with a plus sign" to named("+1"),
        "a number without digits behind the point" to named("1."),
        "a number without digits before the point" to named(".5"),
        "a number out of range" to named("1e309"),
        "a comma at the end of an object" to container("{\"name\":\"a\",}"),
        "a comma at the end of an array" to """{"items":[${span()},]}""",
        "a comment" to """{/* */"items":[${span()}]}""",
        "a key without quotes" to """{items:[${span()}]}""",
        "an object that does not end" to """{"items":[${span()}]""",
        "nothing" to "",
        "an array" to "[${span()}]",
        "no items" to """{"version":2}""",
        "items that are an object" to """{"items":${span()}}""",
        "items that are null" to """{"items":null}""",
        "a null among the items" to """{"items":[null]}""",
        "a number among the items" to """{"items":[1]}""",
        "a __header that is a string" to container(span("__header" to "\"x\"")),
        "nesting of 128" to named("[".repeat(125) + "]".repeat(125)),
    )
    unreadable.forEach { (name, payload) ->
        "$name costs the container: invalid_json" {
            Lab.run {
                post(envelope(payload)).statusCode() shouldBe 200
                inbox.traces().shouldBeEmpty()
                val rejection = inbox.rejections().single()
                rejection.reason shouldBe "invalid_json"
                rejection.quantity shouldBe 1
            }
        }
    }

    "nesting of 127 is read, and costs no more than the span" {
        Lab.run {
            post(envelope(named("[".repeat(124) + "]".repeat(124))))
            inbox.rejections().single().reason shouldBe "no_data"
        }
    }

    "broken UTF-8 costs the container: invalid_json" {
        Lab.run {
            val payload = container(span("name" to "\"x\"")).encodeToByteArray()
            val name = payload.indexOf('x'.code.toByte())
            payload[name] = 0xFF.toByte()
            post(
                header().encodeToByteArray() + item("").substringBefore(",\"length").plus("}\n").encodeToByteArray() +
                    payload,
                auth,
            )
            inbox.rejections().single().reason shouldBe "invalid_json"
        }
    }

    "a pair of surrogate escapes is an emoji" {
        Lab.run {
            send(span("name" to "\"\\uD83D\\uDE00\""))
            inbox.awaitSpans(1).single().name shouldBe "😀"
        }
    }

    "garbage behind the object and unknown keys in it are tolerated" {
        Lab.run {
            val payload = """{"version":2,"new":{},"items":[${span()}]} nonsense"""
            post(envelope(payload))
            inbox.acceptedSpanCount() shouldBe 1
            inbox.warnings().shouldBeEmpty()
        }
    }

    mapOf(null to 1L, 1 to 1L, 3 to 3L, "\"2\"" to 1L, 2.0 to 1L, -2 to 1L, "null" to 1L).forEach { (count, quantity) ->
        "item_count $count for two spans costs the container, counted as $quantity" {
            Lab.run {
                post(envelope(container(numbered(1), numbered(2)), count)).statusCode() shouldBe 200
                val rejection = inbox.rejections().single()
                rejection.reason shouldBe "invalid_json"
                rejection.quantity shouldBe quantity
                rejection.field shouldBe "item_count"
            }
        }
    }

    "an empty container is nothing" {
        Lab.run {
            post(envelope(container(), 0)).statusCode() shouldBe 200
            inbox.rejections().shouldBeEmpty()
            inbox.warnings() shouldContainExactly listOf("container: no spans")
        }
    }

    listOf(null, "application/json", "$CONTAINER_TYPE; charset=utf-8").forEach { type ->
        "content type $type makes the container a broken span of the legacy format" {
            Lab.run {
                post(header() + item(container(span()), 1, type)).statusCode() shouldBe 200
                val rejection = inbox.rejections().single()
                rejection.reason shouldBe "invalid_span"
                rejection.field shouldBe "content_type"
            }
        }
    }

    "the content type may be in any case" {
        Lab.run {
            post(header() + item(container(span()), 1, CONTAINER_TYPE.uppercase()))
            inbox.acceptedSpanCount() shouldBe 1
        }
    }

    "a container next to a legacy span costs both" {
        Lab.run {
            val legacy = item(span(), null, null)
            post(header() + item(container(numbered(1), numbered(2)), 2) + legacy)
            inbox.rejections().map { it.reason to it.quantity } shouldContainExactly listOf("duplicate_item" to 3L)
        }
    }

    "a container without version 2 is taken with a warning" {
        Lab.run {
            listOf("", "\"version\":1,", "\"version\":\"2\",").forEach { post(envelope("{$it\"items\":[${span()}]}")) }
            inbox.acceptedSpanCount() shouldBe 3
            inbox.warnings().filter { "version is" in it }.size shouldBe 3
        }
    }

    "more than 1000 spans are taken with a warning" {
        Lab.run {
            send(*Array(1_001) { numbered(it + 1) })
            inbox.acceptedSpanCount() shouldBe 1_001
            inbox.warnings() shouldContain "container: 1001 spans, at most 1000 should be sent"
        }
    }

    "more values than Relay's parser allows cost the container" {
        Lab.run {
            post(envelope("""{"items":[{"x":[${"1,".repeat(1_350_000)}1]}]}"""))
            inbox.rejections().single().detail shouldContain "more than 1350000 values"
        }
    }

    "of two spans with the same id the last one stays" {
        Lab.run {
            send(span("name" to "\"first\""), span("name" to "\"last\""))
            inbox.awaitSpans(1).single().name shouldBe "last"
            inbox.rejections().single().let { it.reason to it.spanId } shouldBe ("duplicate" to SPAN)
        }
    }

    "a key that stands twice in a span is taken with a warning" {
        Lab.run {
            send(span().replace("{\"trace_id\"", "{\"status\":\"ok\",\"trace_id\""))
            inbox.warnings() shouldContainExactly listOf("container: key 'status' stands twice in one object")
        }
    }
})

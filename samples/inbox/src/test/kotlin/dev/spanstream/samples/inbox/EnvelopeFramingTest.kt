package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith

class EnvelopeFramingTest : StringSpec({
    val payload = container(span("name" to "\"naïve 👍\""))
    val length = payload.encodeToByteArray().size
    val type = """"type":"span","item_count":1,"content_type":"$CONTAINER_TYPE""""

    "length counts bytes, not characters" {
        Lab.run {
            post(header() + "{$type,\"length\":$length}\n$payload\n").statusCode() shouldBe 200
            inbox.awaitSpans(1).single().name shouldBe "naïve 👍"
            inbox.warnings().shouldBeEmpty()
        }
    }

    "the last line feed may be missing" {
        Lab.run {
            post(header() + "{$type,\"length\":$length}\n$payload").statusCode() shouldBe 200
            inbox.acceptedSpanCount() shouldBe 1
        }
    }

    "a payload without length ends at the line feed, with a warning" {
        Lab.run {
            post(header() + "{$type}\n$payload\n{\"type\":\"other\"}\n\n").statusCode() shouldBe 200
            inbox.acceptedSpanCount() shouldBe 1
            inbox
                .envelopes()
                .single()
                .items
                .map { it.type } shouldContainExactly listOf("span", "other")
            inbox.warnings() shouldContainExactly listOf("item 0 'span' has no length", "item 1 'other' has no length")
        }
    }

    "items of unknown types and payloads with line feeds in them are tolerated" {
        Lab.run {
            post("{}\n{\"type\":\"new\",\"length\":3}\na\nb\n").statusCode() shouldBe 200
            inbox
                .envelopes()
                .single()
                .items
                .single()
                .text shouldBe "a\nb"
        }
    }

    "an envelope without items is answered with its event id" {
        Lab.run {
            post("{}").body() shouldBe "{}"
            post("{\"event_id\":\"$TRACE\"}\n").body() shouldBe "{\"id\":\"$TRACE\"}"
        }
    }

    val broken = mapOf(
        "a length that counts characters" to
            ("{}\n{$type,\"length\":${payload.length}}\n$payload\n" to "missing newline after header or payload"),
        "a length beyond the end" to ("{}\n{\"type\":\"x\",\"length\":4}\nabc" to "unexpected end of file"),
        "a second line feed at the end" to ("{}\n{\"type\":\"x\",\"length\":1}\na\n\n" to "unexpected end of file"),
        "CRLF behind the header" to ("{}\r\n{\"type\":\"x\"}\n\n" to "missing newline after header or payload"),
        "text behind the header" to ("{} x\n" to "missing newline after header or payload"),
        "an empty body" to ("" to "missing envelope header"),
        "a body of white space" to (" \n" to "missing envelope header"),
        "a header that is no JSON" to ("nonsense\n" to "invalid envelope header"),
        "a header that is no object" to ("[]\n" to "invalid envelope header"),
        "an item header that is no JSON" to ("{}\n{\"type\":}\n\n" to "invalid item header"),
        "an item header that is no object" to ("{}\n1\n\n" to "invalid item header"),
        "an item without a type" to ("{}\n{\"length\":0}\n\n" to "invalid item header"),
        "an item whose type is a number" to ("{}\n{\"type\":1}\n\n" to "invalid item header"),
        "a negative length" to ("{}\n{\"type\":\"x\",\"length\":-1}\n\n" to "invalid item header"),
        "a length in quotes" to ("{}\n{\"type\":\"x\",\"length\":\"1\"}\na\n" to "invalid item header"),
        "a repeated length" to ("{}\n{\"type\":\"x\",\"length\":1,\"length\":1}\na\n" to "invalid item header"),
    )
    broken.forEach { (name, case) ->
        "$name is answered 400: ${case.second}" {
            Lab.run {
                val response = post(case.first)
                response.statusCode() shouldBe 400
                response.body() shouldStartWith "{\"detail\":\"invalid event envelope\",\"causes\":[\"${case.second}\""
                inbox.rejections().single().reason shouldBe "http_400"
                inbox
                    .envelopes()
                    .single()
                    .refusal
                    .orEmpty() shouldContain case.second
            }
        }
    }

    "the largest possible length does not overflow" {
        Lab.run { post("{}\n{\"type\":\"x\",\"length\":4294967295}\na\n").statusCode() shouldBe 400 }
    }

    "more items than any SDK sends are refused" {
        Lab.run { post("{}\n" + "{\"type\":\"x\"}\n\n".repeat(10_001)).statusCode() shouldBe 400 }
    }
})

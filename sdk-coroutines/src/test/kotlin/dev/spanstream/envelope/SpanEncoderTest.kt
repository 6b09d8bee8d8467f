package dev.spanstream.envelope

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.ByteArrayOutputStream

private fun EncodedSpans.bytes() = ByteArrayOutputStream().also(::writeTo).toByteArray()

private fun EncodedSpans.names() =
    Json.parseToJsonElement(bytes().decodeToString()).jsonObject.getValue("items").jsonArray.map {
        it.jsonObject
            .getValue("name")
            .jsonPrimitive.content
    }

/** The types of the attributes of each span, by their keys. */
private fun EncodedSpans.attributes(): List<Map<String, String>> =
    Json.parseToJsonElement(bytes().decodeToString()).jsonObject.getValue("items").jsonArray.map { span ->
        span.jsonObject.getValue("attributes").jsonObject.mapValues { (_, attribute) ->
            attribute.jsonObject
                .getValue("type")
                .jsonPrimitive.content
        }
    }

/** A value of each type. */
private val values = mapOf("string" to "a", "boolean" to true, "integer" to 1L, "double" to 0.5, "array" to listOf("a"))

private fun spans(vararg names: String) = names.map { FakeSpan(name = it) }

class SpanEncoderTest : StringSpec({
    mapOf(
        "a value of a kind that the protocol does not know" to mapOf("good" to 1L, "bad" to Any()),
        "a nested value of such a kind" to mapOf("good" to 1L, "bad" to listOf(Any())),
        "a number that JSON cannot express" to mapOf("good" to 1L, "bad" to Double.NaN),
    ).forEach { (what, attributes) ->
        listOf(0, 1, 2).forEach { position ->
            "A span with $what at position $position takes others with it or leaves something behind" {
                val failures = mutableListOf<Throwable>()
                val good = spans("a", "b")
                val bad = FakeSpan(name = "bad", own = attributes)

                val encoded = SpanEncoder(failures::add).encode(good.take(position) + bad + good.drop(position))

                encoded.names().shouldContainExactly("a", "b")
                encoded.count shouldBe 2
                encoded.length shouldBe encoded.bytes().size
                failures shouldHaveSize 1
            }
        }
    }

    "Nothing but bad spans is not an empty payload" {
        val encoded = SpanEncoder {}.encode(List(3) { FakeSpan(own = mapOf("bad" to Any())) })

        encoded.count shouldBe 0
        encoded.bytes().decodeToString() shouldBe """{"version":2,"items":[]}"""
        encoded.length shouldBe encoded.bytes().size
    }

    "An attribute gets the key or the type of one that was written before it" {
        val encoder = SpanEncoder { throw it }
        // More than are kept, in neighbours of one hash code.
        val keys = List(1_000) { "Aa$it" to "BB$it" }.flatMap { it.toList() }

        repeat(values.size) { round ->
            val types = keys.withIndex().associate { (at, key) -> key to values.keys.elementAt((at / 2 + round) % 5) }
            val span = FakeSpan(own = types.mapValues { (_, type) -> values.getValue(type) })

            // Twice: from what the first has left, too.
            encoder.encode(listOf(span, span)).attributes().forEach { (it - "sentry.segment.name") shouldBe types }
        }
    }

    "A key is not written as JSON, the first time or the second" {
        val encoder = SpanEncoder { throw it }
        val ofEachLength = listOf("a".repeat(64), "a".repeat(65), "\u0001".repeat(300))
        (listOf("", "\"", "\\", "\u0001", "größe", "𝄞") + ofEachLength).forEach { key ->
            val span = FakeSpan(own = mapOf(key to 1L))
            repeat(2) {
                val attribute = """${Json.encodeToString(key)}:{"type":"integer","value":1}"""
                encoder.encode(listOf(span, span)).bytes().decodeToString().windowed(attribute.length).count {
                    it == attribute
                } shouldBe 2
            }
        }
    }

    "Halving loses, doubles or moves a span, or gets a length wrong" {
        val names = Array(7) { "span $it" }
        var parts = listOf(SpanEncoder { throw it }.encode(spans(*names)))
        parts.single().length shouldBe parts.single().bytes().size

        while (parts.any { it.count > 1 }) {
            parts = parts.flatMap { if (it.count > 1) it.halves().toList() else listOf(it) }
            parts.flatMap { it.names() }.shouldContainExactly(*names)
            parts.forEach { it.length shouldBe it.bytes().size }
        }
        parts.map { it.count } shouldBe List(7) { 1 }
    }
})

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

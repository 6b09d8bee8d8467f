package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class AttributeTest : StringSpec({
    fun typed(type: String, value: String) = """{"type":"$type","value":$value}"""

    val valid = listOf(
        typed("string", "\"\"") to "",
        typed("string", "\"text\"") to "text",
        typed("boolean", "true") to true,
        typed("boolean", "false") to false,
        typed("integer", "0") to 0L,
        typed("integer", "-9223372036854775808") to Long.MIN_VALUE,
        typed("double", "1.5") to 1.5,
        typed("double", "1") to 1.0,
        typed("double", "1e3") to 1000.0,
        typed("array", "[]") to emptyList<Any>(),
        typed("array", "[\"a\",null,\"b\"]") to listOf("a", null, "b"),
        typed("array", "[true,false]") to listOf(true, false),
        typed("array", "[1,2]") to listOf(1L, 2L),
        typed("array", "[1,2.5]") to listOf(1.0, 2.5),
        typed("array", "[null]") to listOf(null),
        """{"type":"integer","value":1,"unit":"byte","more":{}}""" to 1L,
    )
    valid.forEach { (json, value) ->
        "$json is read as $value" {
            Lab.run {
                send(span(attributes("key" to json)))
                inbox.awaitSpans(1).single().attributes["key"] shouldBe value
                inbox.warnings().shouldBeEmpty()
            }
        }
    }

    val invalid = listOf(
        typed("string", "1"),
        typed("string", "true"),
        typed("boolean", "\"true\""),
        typed("boolean", "1"),
        typed("integer", "1.0"),
        typed("integer", "1e1"),
        typed("integer", "-0"),
        typed("integer", "9223372036854775808"),
        typed("integer", "\"1\""),
        typed("double", "\"1.5\""),
        typed("double", "\"NaN\""),
        typed("array", "\"a\""),
        typed("array", "[\"a\",1]"),
        typed("array", "[true,1]"),
        typed("array", "[[1]]"),
        typed("array", "[{}]"),
        typed("string[]", "[\"a\"]"),
        typed("object", "{}"),
        typed("String", "\"a\""),
        """{"type":1,"value":1}""",
        "\"bare\"",
        "[]",
    )
    invalid.forEach { json ->
        "$json costs the attribute, not the span: invalid_data" {
            Lab.run {
                send(span(attributes("key" to json)))
                ("key" in inbox.awaitSpans(1).single().attributes) shouldBe false
                inbox.warnings().single() shouldContain "attribute 'key' becomes null (invalid_data)"
            }
        }
    }

    val incomplete = listOf(
        "{}",
        """{"type":"string"}""",
        """{"type":"string","value":null}""",
        """{"value":"a"}""",
        """{"type":null,"value":"a"}""",
    )
    incomplete.forEach { json ->
        "$json costs the attribute, not the span: missing_attribute" {
            Lab.run {
                send(span(attributes("key" to json)))
                ("key" in inbox.awaitSpans(1).single().attributes) shouldBe false
                inbox.warnings().single() shouldContain "attribute 'key' becomes null (missing_attribute)"
            }
        }
    }
})

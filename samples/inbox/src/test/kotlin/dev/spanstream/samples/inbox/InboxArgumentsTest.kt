package dev.spanstream.samples.inbox

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe

class InboxArgumentsTest : StringSpec({
    fun parse(vararg args: String) = InboxArguments.parse(arrayOf(*args)).let { Triple(it.port, it.host, it.quiet) }

    "without arguments it listens on loopback and talks" {
        parse() shouldBe Triple(8969, "127.0.0.1", false)
    }

    "every argument is taken, with a space or an equals sign" {
        parse("--port", "1", "--host", "0.0.0.0", "--quiet") shouldBe Triple(1, "0.0.0.0", true)
        parse("--port=1", "--host=::1") shouldBe Triple(1, "::1", false)
    }

    listOf("--port", "--port=x", "--port=65536", "--host", "--help", "8969").forEach { argument ->
        "$argument is refused" {
            shouldThrow<IllegalArgumentException> { parse(argument) }
        }
    }
})

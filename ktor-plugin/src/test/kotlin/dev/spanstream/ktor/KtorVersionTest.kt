package dev.spanstream.ktor

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class KtorVersionTest : StringSpec({
    "A Ktor that leaves threads dirty was not warned of, or without the version to take" {
        for (version in listOf("3.0.0", "3.1.2", "3.4.1", "3.4.2", "3.4.2-beta-1", "2.9.9")) {
            warningOf(version).shouldNotBeNull() shouldContain "3.4.3"
        }
    }

    "A Ktor that is right, or that nobody knows, was warned of" {
        for (version in listOf("3.4.3", "3.4.10", "3.5.0", "4.0.0-eap-1", "4", null, "", "unknown")) {
            warningOf(version).shouldBeNull()
        }
    }

    "The version of the Ktor that runs was not found" {
        ktorVersion().shouldNotBeNull().first() shouldBe '3'
        warningOf(ktorVersion()).shouldBeNull()
    }
})

package dev.spanstream.samples.common

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class CommandLineTest :
    FunSpec({
        test("an empty command line asks for the usual number") {
            val empty = CommandLine.parse(emptyArray(), usual = 5, flag = "--once")

            empty.hasFlag shouldBe false
            empty.count shouldBe 5
        }

        test("flag and number may come in any order") {
            for (arguments in listOf(arrayOf("--once", "7"), arrayOf("7", "--once"))) {
                val both = CommandLine.parse(arguments, usual = 5, flag = "--once")
                both.hasFlag shouldBe true
                both.count shouldBe 7
            }
        }

        test("what is neither flag nor number is refused by its name") {
            for (bad in listOf("0", "-1", "many", "--onse")) {
                shouldThrow<IllegalArgumentException> { CommandLine.parse(arrayOf(bad), usual = 5, flag = "--once") }
                    .message shouldContain "'$bad' is neither --once nor a number from 1"
            }
            shouldThrow<IllegalArgumentException> { CommandLine.parse(arrayOf("--bar"), usual = 5) }
                .message shouldContain "'--bar' is no number from 1"
        }
    })

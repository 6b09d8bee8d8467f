package dev.spanstream.samples.snippets

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import java.io.File
import java.nio.file.Path

class ShownCodeTest :
    FunSpec({
        test("the code in README.md and docs is the code that compiles") {
            ShownCode(Path.of("../..").toRealPath()).complaints().shouldBeEmpty()
        }

        val root = tempdir()
        val source = root.file("samples/a/src/main/kotlin/A.kt")
        val readme = root.file("README.md")
        val guide = root.file("docs/GUIDE.md")

        fun complaints() = ShownCode(root.toPath().toRealPath()).complaints()

        beforeTest {
            source.writeText("fun a() {\n    // region loop\n$LOOP\n    // endregion\n}\n")
            readme.writeText("# A\n\n<!-- $SOURCE#loop -->\n$BLOCK\n")
            guide.writeText("# Guide\n")
        }

        test("a block that is its region, but for the indent, is fine") {
            complaints().shouldBeEmpty()
        }

        test("a block that differs from its region is a mistake") {
            readme.writeText(readme.readText().replace("b()", "c()"))

            complaints().shouldContainExactly(
                "README.md:4 differs from $SOURCE#loop, which is\nwhile (true) {\n    b()\n}",
            )
        }

        test("a marker without a region is a mistake, and so is a region that no page shows") {
            readme.writeText(readme.readText().replace("#loop", "#hoop"))

            complaints().shouldContainExactly(
                "README.md:4 names $SOURCE#hoop, which is not there",
                "$SOURCE#loop is shown nowhere",
            )
        }

        test("a marker above something else than a block is a mistake") {
            readme.writeText("<!-- $SOURCE#loop -->\n\n$BLOCK\n")

            complaints().shouldContainExactly(
                "README.md:1 names $SOURCE#loop above no block",
                "README.md:3 does not say where its code is compiled",
            )
        }

        test("code without a marker is a mistake where all code compiles, and only there") {
            readme.appendText("```java\nb();\n```\n```sh\nls\n```\n")
            guide.writeText("```java\nb();\n```\n")

            complaints().shouldContainExactly("README.md:9 does not say where its code is compiled")
        }
    })

private const val SOURCE = "samples/a/src/main/kotlin/A.kt"
private const val LOOP = "    while (true) {\n        b()\n    }"
private const val BLOCK = "```kotlin\nwhile (true) {\n    b()\n}\n```"

private fun File.file(path: String): File = resolve(path).also { it.parentFile.mkdirs() }

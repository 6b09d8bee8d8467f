package dev.spanstream.samples.snippets

import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.extension
import kotlin.io.path.isRegularFile
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.readText
import kotlin.io.path.relativeTo

/**
 * Compares the code that README.md and docs show with the regions of compiled sources.
 *
 * The line above a fenced block names its region: `<!-- samples/…/File.kt#name -->`. Regions are looked for
 * in `samples`. On the pages where every line of Kotlin and Java shall compile, a block without such a line
 * is a mistake.
 */
internal class ShownCode(private val repository: Path) {
    private val regions =
        repository
            .resolve("samples")
            .sources()
            .flatMap { Region.of(it.fromRoot(), it.readText()) }
            .associateBy { it.name }

    private val blocks = pages().flatMap { CodeBlock.of(it.fromRoot(), it.readText()) }

    /** What is wrong, a sentence each. */
    fun complaints(): List<String> = blocks.mapNotNull(::complaint) + unusedRegions()

    private fun complaint(block: CodeBlock): String? {
        val region = block.region?.let { regions[it] }
        return when {
            block.region == null -> "does not say where its code is compiled".takeIf { block.mustCompile() }
            block.lines.isEmpty() -> "names ${block.region} above no block"
            region == null -> "names ${block.region}, which is not there"
            region.lines != block.lines -> "differs from ${block.region}, which is\n${region.text()}"
            else -> null
        }?.let { "${block.place} $it" }
    }

    private fun CodeBlock.mustCompile() = page in COMPILED_PAGES && language in COMPILED_LANGUAGES

    private fun unusedRegions(): List<String> =
        (regions.keys - blocks.mapNotNull { it.region }.toSet()).map { "$it is shown nowhere" }

    private fun pages(): List<Path> =
        listOf(repository.resolve("README.md")).filter { it.isRegularFile() } +
            repository.resolve("docs").listDirectoryEntries("*.md").sorted()

    private fun Path.sources(): List<Path> =
        Files.walk(this).use { files ->
            files.filter { it.extension in SOURCES && relativize(it).none { part -> part.name == "target" } }.toList()
        }

    private fun Path.fromRoot() = relativeTo(repository).joinToString("/")

    private fun Region.text() = lines.joinToString("\n")

    private companion object {
        val COMPILED_PAGES = setOf("README.md", "docs/MIGRATION.md", "docs/TESTING.md")
        val COMPILED_LANGUAGES = setOf("kotlin", "java")
        val SOURCES = setOf("kt", "java")
    }
}

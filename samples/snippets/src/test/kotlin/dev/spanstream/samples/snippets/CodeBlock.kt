package dev.spanstream.samples.snippets

/** One fenced block of a page, and the region that the marker above it names, if there is one. */
internal class CodeBlock(
    val page: String,
    val line: Int,
    val language: String,
    val region: RegionName?,
    val lines: List<String>,
) {
    /** Where to look for it, as compilers say it. */
    val place: String get() = "$page:$line"

    companion object {
        private val MARKER = Regex("<!-- (\\S+)#(\\S+) -->")
        private const val FENCE = "```"

        /** The blocks of a page; a marker that stands above something else makes one without lines. */
        fun of(page: String, text: String): List<CodeBlock> {
            val lines = text.lines()
            val blocks = mutableListOf<CodeBlock>()
            var at = 0
            while (at < lines.size) {
                val region = regionNamedBy(lines[at])
                if (region != null) at++
                if (lines.getOrNull(at).isFence()) {
                    val body = lines.drop(at + 1).takeWhile { !it.isFence() }
                    val language = lines[at].trim().removePrefix(FENCE)
                    blocks += CodeBlock(page, at + 1, language, region, body.withoutIndent())
                    at += body.size + 2
                } else if (region != null) {
                    blocks += CodeBlock(page, at, language = "", region, lines = emptyList())
                } else {
                    at++
                }
            }
            return blocks
        }

        private fun regionNamedBy(line: String) =
            MARKER.matchEntire(line.trim())?.destructured?.let { (path, name) -> RegionName(path, name) }

        private fun String?.isFence() = this != null && trimStart().startsWith(FENCE)
    }
}

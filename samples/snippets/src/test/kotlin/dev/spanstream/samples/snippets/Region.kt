package dev.spanstream.samples.snippets

/** The file, from the root of the repository, and the name after `// region`. */
internal data class RegionName(val path: String, val name: String) {
    override fun toString(): String = "$path#$name"
}

/** The lines between `// region name` and `// endregion`, without what they are indented by. */
internal class Region(val name: RegionName, val lines: List<String>) {
    companion object {
        private val BEGIN = Regex("\\s*// region (\\S+)")
        private val END = Regex("\\s*// endregion")

        /** The regions of a source file, which must not lie within each other. */
        fun of(path: String, text: String): List<Region> {
            val regions = mutableListOf<Region>()
            var open: Pair<String, MutableList<String>>? = null
            for (line in text.lines()) {
                val begins = BEGIN.matchEntire(line)?.groupValues?.get(1)
                when {
                    begins != null -> {
                        check(open == null) { "$path: region $begins begins within another one" }
                        open = begins to mutableListOf()
                    }

                    END.matches(line) -> {
                        val (name, lines) = checkNotNull(open) { "$path: an endregion ends nothing" }
                        regions += Region(RegionName(path, name), lines.withoutIndent())
                        open = null
                    }

                    else -> {
                        open?.second?.add(line)
                    }
                }
            }
            check(open == null) { "$path: region ${open?.first} has no end" }
            return regions
        }
    }
}

/** The same lines, moved to the left by what is common to them. */
internal fun List<String>.withoutIndent(): List<String> = joinToString("\n").trimIndent().lines()

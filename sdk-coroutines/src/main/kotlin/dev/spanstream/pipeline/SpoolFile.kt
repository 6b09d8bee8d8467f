package dev.spanstream.pipeline

import java.nio.file.Path
import java.time.Instant
import java.util.Locale
import kotlin.io.path.name

/**
 * A batch on disk. What has to be known of it without reading it is in its name.
 *
 * @property path where it is
 * @property written when, so that the names sort by age
 * @property run which pipeline wrote it, in whatever process
 * @property spans how many are in it
 */
internal class SpoolFile private constructor(
    val path: Path,
    val written: Instant,
    val run: String,
    val spans: Int,
) {
    companion object {
        private val NAME = Regex("""(\d{13})-([0-9a-f]{16})-\d{6,}-(\d{1,9})\.spans""")

        /** A file that is not there yet. */
        fun named(directory: Path, written: Instant, run: String, number: Long, spans: Int): SpoolFile {
            val name = "%013d-%s-%06d-%d.spans".format(Locale.ROOT, written.toEpochMilli(), run, number, spans)
            return SpoolFile(directory.resolve(name), written, run, spans)
        }

        /** What the name of the file tells; null if it is none of ours. */
        fun of(path: Path): SpoolFile? =
            NAME.matchEntire(path.name)?.destructured?.let { (millis, run, spans) ->
                SpoolFile(path, Instant.ofEpochMilli(millis.toLong()), run, spans.toInt())
            }
    }
}

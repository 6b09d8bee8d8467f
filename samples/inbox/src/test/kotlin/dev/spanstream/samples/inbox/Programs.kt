package dev.spanstream.samples.inbox

import java.io.File

/** Programs that tests need and that may not be installed. */
internal object Programs {
    /** What the variable names, or the first of [names] on the path; null if there is none that can be run. */
    fun find(variable: String, vararg names: String): File? {
        System.getenv(variable)?.let { return File(it).takeIf(File::canExecute) }
        val folders = System.getenv("PATH").orEmpty().split(File.pathSeparator)
        return names.firstNotNullOfOrNull { name -> folders.map { File(it, name) }.firstOrNull(File::canExecute) }
    }
}

package dev.spanstream.pipeline

import java.io.BufferedReader
import java.io.File
import java.util.concurrent.TimeUnit
import kotlin.reflect.KClass

/** A process of its own that runs the `main` of [application]; what it prints on standard output is read here. */
internal class ChildJvm(
    application: KClass<*>,
    arguments: List<String>,
    options: List<String> = emptyList(),
) : AutoCloseable {
    private val process: Process =
        ProcessBuilder(
            listOf(System.getProperty("java.home") + "/bin/java") + options +
                listOf("-cp", classPath, application.java.name) + arguments,
        ).redirectError(ProcessBuilder.Redirect.INHERIT).start()

    val output: BufferedReader = process.inputReader()

    /** As the system does when memory is short, and as nobody can prepare for. */
    fun kill() {
        process.destroyForcibly().waitFor()
    }

    /** The code with which it ended by itself. */
    fun awaitEnd(minutes: Long): Int {
        check(process.waitFor(minutes, TimeUnit.MINUTES)) { "It does not end" }
        return process.exitValue()
    }

    override fun close(): Unit = kill()

    companion object {
        val classPath: String =
            System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")

        val classPathFiles: List<File> get() = classPath.split(File.pathSeparator).map(::File)
    }
}

package dev.spanstream.pipeline

import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.extension
import kotlin.io.path.isRegularFile
import kotlin.io.path.name
import kotlin.io.path.walk

/** What is in the spool in this directory, the oldest first. */
internal fun Path.spoolFiles(): List<Path> =
    createDirectories()
        .walk()
        .filter { it.isRegularFile() && it.extension == "spans" }
        .sorted()
        .toList()

/** The name of a file of the spool ends in how many there are in it. */
internal fun Path.spanCount(): Long = name.substringAfterLast('-').substringBefore('.').toLong()

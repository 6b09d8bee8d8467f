package dev.spanstream.ktor

import io.ktor.server.application.ApplicationCallPipeline

/** The version of Ktor on the class path, if its jar says so. */
internal fun ktorVersion(): String? = ApplicationCallPipeline::class.java.getPackage()?.implementationVersion

/** What to tell whoever runs on a Ktor that leaves threads dirty (docs/COMPATIBILITY.md), or null. */
internal fun warningOf(version: String?): String? {
    val parts = version?.substringBefore('-')?.split('.')?.map { it.toIntOrNull() ?: return null } ?: return null
    val difference = FIXED.indices.firstNotNullOfOrNull { i ->
        ((parts.getOrNull(i) ?: 0) - FIXED[i]).takeIf { it != 0 }
    }
    return if (difference == null || difference > 0) {
        null
    } else {
        "Ktor $version may leave the trace context of a request on a thread of Netty. " +
            "Update Ktor to ${FIXED.joinToString(".")} or newer."
    }
}

private val FIXED = listOf(3, 4, 3)

package dev.spanstream.pipeline

import java.util.concurrent.CopyOnWriteArrayList
import java.util.logging.Handler
import java.util.logging.Level
import java.util.logging.LogRecord
import java.util.logging.Logger

/** What the SDK warns of while [block] runs, on whatever thread. */
internal fun recordingWarnings(block: () -> Unit): List<String> {
    val warnings = CopyOnWriteArrayList<String>()
    val handler = object : Handler() {
        override fun publish(record: LogRecord) {
            if (record.level == Level.WARNING) warnings += record.message
        }

        override fun flush() = Unit

        override fun close() = Unit
    }
    val logger = Logger.getLogger("dev.spanstream")
    logger.addHandler(handler)
    try {
        block()
    } finally {
        logger.removeHandler(handler)
    }
    return warnings
}

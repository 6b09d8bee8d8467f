package dev.spanstream.ktor

import dev.spanstream.StrictMode
import io.kotest.core.listeners.AfterTestListener
import io.kotest.core.test.TestCase
import io.kotest.engine.test.TestResult
import java.util.concurrent.ConcurrentLinkedQueue

/** Fails a test that left a span open, a thread dirty, or ended a span where it was not active. */
object StrictModes : AfterTestListener {
    private val modes = ConcurrentLinkedQueue<StrictMode>()

    fun forThisTest(): StrictMode = StrictMode().also { modes += it }

    override suspend fun afterTest(testCase: TestCase, result: TestResult) {
        generateSequence { modes.poll() }.forEach { it.verify() }
    }
}

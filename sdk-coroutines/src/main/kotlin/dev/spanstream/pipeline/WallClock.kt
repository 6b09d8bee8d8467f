package dev.spanstream.pipeline

import java.time.Instant
import java.time.InstantSource

/** The clock of the application, which may throw or tell null; then the system's. Thread-safe. */
internal class WallClock(private val source: InstantSource) : InstantSource {
    private val failed = Complaint()

    override fun instant(): Instant =
        try {
            checkNotNull(source.instant())
        } catch (e: Throwable) {
            failed.about("options.clock threw or told null; the system clock is read instead", e)
            Instant.now()
        }
}

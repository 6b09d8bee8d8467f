package dev.spanstream.samples.inbox

import java.time.Clock
import java.time.Duration
import java.time.Instant
import java.time.ZoneId
import java.time.ZoneOffset

/** Stands still at [Lab.NOW] until time is made to pass. */
class TestClock : Clock() {
    @Volatile
    private var now = Lab.NOW

    fun pass(time: Duration) {
        now += time
    }

    override fun instant(): Instant = now

    override fun getZone(): ZoneId = ZoneOffset.UTC

    override fun withZone(zone: ZoneId): Clock = this
}

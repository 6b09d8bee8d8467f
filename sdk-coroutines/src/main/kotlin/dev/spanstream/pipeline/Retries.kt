package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason
import kotlinx.coroutines.delay
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * How long to wait before the next attempt: half a second, doubled with each attempt up to half a
 * minute, less a random part of up to one half, so that many processes do not come back at once.
 */
internal class Retries(private val budget: Budget, private val random: Random, private val attempts: Attempts) {
    /**
     * Waits before the next attempt; false if it is to be given up: after enough attempts, or if the memory is
     * wanted for newer spans, which is also found out while waiting.
     *
     * @param failures how often it failed, and how
     */
    suspend fun awaitNext(failures: Map<DropReason, Int>): Boolean {
        if (failures.any { (failure, times) -> times >= attempts.against(failure) }) return false
        var left = delayBefore(next = failures.values.sum() + 1)
        while (left > Duration.ZERO && !budget.isTight) {
            val step = minOf(left, LOOK_AROUND)
            delay(step)
            left -= step
        }
        return !budget.isTight
    }

    private fun delayBefore(next: Int): Duration {
        val doublings = (next - 2).coerceIn(0, MAX_DOUBLINGS)
        val longest = minOf(FIRST * (1 shl doublings), LONGEST)
        return longest * random.nextDouble(0.5, 1.0)
    }

    private companion object {
        val FIRST = 0.5.seconds
        val LONGEST = 30.seconds
        val LOOK_AROUND = 1.seconds
        const val MAX_DOUBLINGS = 6
    }
}

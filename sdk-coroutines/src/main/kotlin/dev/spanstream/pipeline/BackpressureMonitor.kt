package dev.spanstream.pipeline

import kotlinx.coroutines.delay
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * Halves the sample rate, step by step, while the pipeline cannot keep up (sdk/telemetry/traces/
 * backpressure): each look that finds it unhealthy adds a step, the first healthy one takes all back.
 *
 * @param isHealthy neither short of memory nor under a rate limit
 */
internal class BackpressureMonitor(private val isHealthy: () -> Boolean) {
    /** How often the rate is to be halved, from 0 to 10. */
    @Volatile var downsampleFactor: Int = 0
        private set

    suspend fun run() {
        delay(FIRST_LOOK)
        while (true) {
            downsampleFactor = if (isHealthy()) 0 else minOf(downsampleFactor + 1, MAX_FACTOR)
            delay(INTERVAL)
        }
    }

    private companion object {
        val FIRST_LOOK = 500.milliseconds
        val INTERVAL = 10.seconds
        const val MAX_FACTOR = 10
    }
}

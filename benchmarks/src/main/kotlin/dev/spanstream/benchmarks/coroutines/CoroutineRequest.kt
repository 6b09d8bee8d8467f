package dev.spanstream.benchmarks.coroutines

import dev.spanstream.benchmarks.sdk.Mode
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield

/** What happens in each step of a request. */
public enum class Step { NESTED, SUSPENDING, ASYNC }

/** Who makes a span of each step; [NOBODY] does not. */
public enum class Way(internal val start: (Mode) -> CoroutineSdk) {
    NOBODY({ Plain }),
    SPANSTREAM(::Spanstream),
    OPENTELEMETRY(::OpenTelemetry),
    SENTRY(::SentryCoroutines),
}

/** A request of a coroutine: a span around so many steps, each of them a span. */
public class CoroutineRequest(way: Way, mode: Mode) : AutoCloseable {
    private val sdk = way.start(mode)

    public fun run(step: Step): Unit =
        runBlocking {
            sdk.span {
                repeat(STEPS) {
                    when (step) {
                        Step.NESTED -> sdk.span { }
                        Step.SUSPENDING -> sdk.span { yield() }
                        Step.ASYNC -> coroutineScope { async { sdk.span { } }.await() }
                    }
                }
            }
        }

    override fun close(): Unit = sdk.close()

    public companion object {
        public const val STEPS: Int = 20
    }
}

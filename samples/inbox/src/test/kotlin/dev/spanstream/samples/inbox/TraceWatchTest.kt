package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldContainExactly
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.serialization.json.JsonObject
import java.time.Clock
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The watch alone, because only so its time can be virtual. */
@OptIn(ExperimentalCoroutinesApi::class)
class TraceWatchTest : StringSpec({
    class Watched(private val scope: TestScope) {
        private val store = TraceStore(InboxOptions())
        val finished = mutableListOf<Pair<Long, Int>>()

        init {
            store.observe(
                TraceWatch(store, 1.seconds, scope.backgroundScope) { finished += scope.currentTime to it.spans.size },
            )
        }

        fun send(span: String) {
            val envelope = EnvelopeParser.parse(envelope(container(span)).encodeToByteArray())
            val received = ReceivedEnvelope(
                JsonObject(emptyMap()),
                emptyList(),
                ByteArray(0),
                emptyMap(),
                200,
                null,
                null,
                Lab.NOW,
            )
            store.record(received, EnvelopeJudge(Clock.systemUTC()).judge(envelope, Lab.NOW))
        }

        fun pass(millis: Int) = scope.advanceTimeBy(millis.milliseconds)
    }

    "a trace finishes once, a quiet period after its last envelope" {
        runTest {
            val watched = Watched(this)
            watched.send(numbered(1))
            watched.pass(999)
            watched.send(numbered(2))
            watched.pass(10_000)
            watched.finished shouldContainExactly listOf(1_999L to 2)
        }
    }

    "a trace without a service span waits six times as long" {
        runTest {
            val watched = Watched(this)
            watched.send(numbered(1, "is_segment" to "false"))
            watched.pass(10_000)
            watched.finished shouldContainExactly listOf(6_000L to 1)
        }
    }

    "the service span that comes last ends the long wait" {
        runTest {
            val watched = Watched(this)
            watched.send(numbered(1, "is_segment" to "false"))
            watched.send(numbered(2))
            watched.pass(10_000)
            watched.finished shouldContainExactly listOf(1_000L to 2)
        }
    }
})

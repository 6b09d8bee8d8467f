package dev.spanstream.ktor

import dev.spanstream.coroutines.traceContext
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.ktor.http.content.OutgoingContent
import io.ktor.utils.io.ByteChannel
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.ByteWriteChannel
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runTest
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** How long a connection is waited for, in virtual time. */
@OptIn(ExperimentalCoroutinesApi::class)
class TracedUpgradeTest :
    StringSpec({
        /** Whether the connection had begun, once for each time that it is said to be done. */
        val ends = mutableListOf<Boolean>()

        suspend fun TestScope.announce(connection: Job): TracedUpgrade =
            TracedUpgrade(Connection(connection), traceContext()).also {
                ends.clear()
                it.whenDone(backgroundScope) { hasBegun, _ -> ends += hasBegun }
            }

        "A connection that a container never begins was waited for until the application stops" {
            runTest {
                announce(Job())
                advanceTimeBy(5.seconds)
                ends.shouldBeEmpty()
                advanceTimeBy(1.minutes)
                ends.shouldContainExactly(false)
            }
        }

        "A connection that began late was given up, or was never done" {
            runTest {
                val connection: CompletableJob = Job()
                val upgrade = announce(connection)
                advanceTimeBy(5.seconds)
                upgrade.upgrade(ByteReadChannel.Empty, ByteChannel(), EmptyCoroutineContext, EmptyCoroutineContext)
                advanceTimeBy(1.days)
                ends.shouldBeEmpty()
                connection.complete()
                ends.shouldContainExactly(true)
            }
        }
    })

class Connection(private val job: Job) : OutgoingContent.ProtocolUpgrade() {
    override suspend fun upgrade(
        input: ByteReadChannel,
        output: ByteWriteChannel,
        engineContext: CoroutineContext,
        userContext: CoroutineContext,
    ): Job = job
}

package dev.spanstream.pipeline

import dev.spanstream.Dsn
import dev.spanstream.envelope.FakeSpan
import dev.spanstream.envelope.FakeTree
import dev.spanstream.sink.DropReason
import dev.spanstream.sink.FinishedSpan
import dev.spanstream.transport.Answer
import dev.spanstream.transport.Endpoint
import io.kotest.assertions.withClue
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import java.time.Instant
import java.time.InstantSource
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** Plain numbers; a test changes the one that it is about. */
internal val settings = PipelineSettings(
    flushInterval = 5.seconds,
    maxBufferedSpans = 10_000,
    maxBufferedBytes = 100_000_000,
    sendClientReports = true,
    enableBackpressureHandling = false,
)

/** A pipeline whose time stands still unless the test lets it pass, and that is closed in the end. */
@OptIn(ExperimentalCoroutinesApi::class)
internal class Lab(private val scope: TestScope, private val settings: PipelineSettings) {
    val receiver = FakeReceiver()

    /** What the application has put in place of the system's clock. */
    var clock = InstantSource { START.plusMillis(scope.currentTime) }
    val pipeline = StreamingPipeline(
        endpoint = Endpoint.of(Dsn.parse("http://key@localhost/1")),
        settings = settings,
        transport = receiver,
        dispatcher = StandardTestDispatcher(scope.testScheduler),
        timeSource = scope.testScheduler.timeSource,
        clock = { clock.instant() },
        random = Random(1),
    )
    private var accepted = 0L
    private var nextTree = 1L

    fun tree(trace: Long = nextTree++) = FakeTree(trace)

    /** A second pipeline at the same time; the test closes it. */
    fun another() = Lab(scope, settings)

    fun accept(span: FinishedSpan) {
        accepted++
        pipeline.accept(span)
    }

    /** Ends so many child spans of one tree. */
    fun end(
        spans: Int,
        tree: FakeTree = tree(),
        name: String = "work",
    ) = repeat(spans) { accept(FakeSpan(tree, name = name)) }

    fun endServiceSpan(tree: FakeTree, name: String = "request") = accept(
        FakeSpan(tree, name = name, serviceSpan = true),
    )

    /** Lets everything happen that is due by then, at its time. */
    fun pass(time: Duration) {
        scope.advanceTimeBy(time)
        scope.runCurrent()
    }

    fun settle() = scope.runCurrent()

    /** Everything that was accepted is in the books, once, and as expected. */
    fun accounts(
        sent: Long,
        vararg dropped: Pair<DropReason, Long>,
        spooled: Long = 0,
    ) {
        val stats = pipeline.stats()
        withClue("accepted = sent + spooled + dropped") {
            stats.sent + stats.spooled + stats.dropped.values.sum() shouldBe accepted
        }
        stats.sent shouldBe sent
        stats.spooled shouldBe spooled
        stats.dropped shouldBe dropped.toMap()
    }

    companion object {
        val START: Instant = Instant.parse("2026-11-21T10:00:00Z")
        val OK = Answer.Status(200)
    }
}

/** A span that tells its name so many times. */
internal class SpanThatFails(
    private val span: FakeSpan,
    after: Int,
    private val failure: () -> Throwable,
) : FinishedSpan by span {
    private var left = after

    override fun getName(): String = if (left-- > 0) span.name else throw failure()
}

internal fun lab(settings: PipelineSettings = dev.spanstream.pipeline.settings, test: suspend Lab.() -> Unit) =
    runTest {
        val lab = Lab(this, settings)
        lab.settle()
        try {
            lab.test()
        } finally {
            lab.pipeline.awaitClose(Duration.ZERO)
        }
    }

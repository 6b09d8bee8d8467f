package dev.spanstream.samples.snippets.testing

import dev.spanstream.Traces
import dev.spanstream.coroutines.initTracing
import dev.spanstream.coroutines.withSpan
import dev.spanstream.samples.inbox.Inbox
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import java.time.Duration

class InboxTest :
    FunSpec({
        // region inbox
        test("the receiver takes what is sent, and has nothing to complain of") {
            Inbox.start().use { inbox ->
                initTracing {
                    dsn = inbox.dsn
                    tracesSampleRate = 1.0
                }

                withSpan("check out") { withSpan("reserve stock") { } }

                Traces.flush(Duration.ofSeconds(10)) shouldBe true
                inbox
                    .traces()
                    .single()
                    .spans
                    .map { it.name }
                    .shouldContainExactlyInAnyOrder("check out", "reserve stock")
                inbox.rejections().shouldBeEmpty()
                inbox.warnings().shouldBeEmpty()
                Traces.close()
            }
        }
        // endregion
    })

package dev.spanstream.samples.inbox

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import java.io.IOException
import java.net.ConnectException

class LifecycleTest : StringSpec({
    "the dsn leads to the inbox" {
        Inbox.start().use { inbox ->
            inbox.port shouldBeGreaterThan 0
            inbox.dsn shouldBe "http://$KEY@127.0.0.1:${inbox.port}/1"
        }
    }

    "an inbox for every address names one that can be reached" {
        InboxDsn.of("0.0.0.0", 1) shouldBe "http://$KEY@127.0.0.1:1/1"
        InboxDsn.of("::1", 1) shouldBe "http://$KEY@[::1]:1/1"
    }

    "two inboxes do not see each other's spans" {
        Lab.run {
            val first = inbox
            Lab.run {
                send(span())
                inbox.port shouldNotBe first.port
                first.acceptedSpanCount() shouldBe 0
            }
        }
    }

    "a closed inbox does not answer, but still tells what it has" {
        val inbox = Inbox.start()
        val lab = Lab(inbox)
        lab.post("{}\n")
        inbox.close()
        inbox.close()
        shouldThrow<ConnectException> { lab.post("{}\n") }
        inbox.envelopes().size shouldBe 1
    }

    "a port that is taken is an error at the start" {
        Inbox.start().use { inbox ->
            shouldThrow<IOException> { Inbox.start(port = inbox.port).close() }
        }
    }
})

package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.ktor.RawRequests.CancelOnClose.APPLICATION
import dev.spanstream.ktor.RawRequests.CancelOnClose.ROUTE
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.server.response.respondText
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation

/** How a service span ends whose client goes away, on engines that notice it at once if they are asked to. */
fun connections(server: SocketServer<*>) =
    stringSpec {
        val requests = RawRequests(server)

        "A client that went away was an error of the server" {
            val waiting = CompletableDeferred<Unit>()
            val span = requests.request(cancelOnClose = APPLICATION, read = { waiting.await() }) {
                waiting.complete(Unit)
                awaitCancellation()
            }
            span["http.request.cancelled"] shouldBe true
            span["http.response.status_code"].shouldBeNull()
            span.status shouldBe SpanStatus.OK
        }

        "A client that went away was an error because only its route cancels calls" {
            val waiting = CompletableDeferred<Unit>()
            val span = requests.request(cancelOnClose = ROUTE, read = { waiting.await() }) {
                waiting.complete(Unit)
                awaitCancellation()
            }
            span["http.request.cancelled"] shouldBe true
            span["http.response.status_code"].shouldBeNull()
            span.status shouldBe SpanStatus.OK
        }

        "A client that went away once it had its answer was said not to have waited for it" {
            val answered = CompletableDeferred<Unit>()
            val span = requests.request(cancelOnClose = APPLICATION, read = { answered.await() }) { call ->
                call.respondText("done")
                answered.complete(Unit)
                awaitCancellation()
            }
            span["http.request.cancelled"].shouldBeNull()
            span["http.response.status_code"] shouldBe 200L
            span.status shouldBe SpanStatus.OK
        }

        "A client that went away was an error because the handler turned its cancellation into something else" {
            val waiting = CompletableDeferred<Unit>()
            val span = requests.request(cancelOnClose = APPLICATION, read = { waiting.await() }) {
                waiting.complete(Unit)
                runCatching { awaitCancellation() }.onFailure { throw IllegalStateException(it) }
            }
            span["http.request.cancelled"] shouldBe true
            span["error.type"].shouldBeNull()
            span.status shouldBe SpanStatus.OK
        }
    }

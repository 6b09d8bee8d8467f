package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.ktor.RawRequests.CancelOnClose.APPLICATION
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.server.response.respondBytesWriter
import io.ktor.utils.io.writeStringUtf8
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation

/** How a service span ends whose client does not just wait for the whole answer. */
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

        "A client that went away in the middle of a response was an error of the server" {
            val span = requests.request { call ->
                call.respondBytesWriter {
                    while (true) {
                        writeStringUtf8("x".repeat(8_192))
                        flush()
                    }
                }
            }
            span["http.request.cancelled"] shouldBe true
            span["http.response.status_code"] shouldBe 200L
            span.status shouldBe SpanStatus.OK
        }
    }

package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.ktor.RawRequests.CancelOnClose
import dev.spanstream.ktor.RawRequests.CancelOnClose.NOBODY
import dev.spanstream.sink.FinishedSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.server.application.ApplicationCall
import io.ktor.server.response.respondBytesWriter
import io.ktor.utils.io.writeStringUtf8
import kotlinx.coroutines.CompletableDeferred
import java.net.Socket

/**
 * How a service span ends whose client does not wait for the whole answer, which some engines notice when they write.
 *
 * @param lateWritesFail whether the engine notices it also if the client had gone before the answer began
 * @param flushesSayWhy whether a flush that fails says which connection it was of
 */
fun departures(server: SocketServer<*>, lateWritesFail: Boolean, flushesSayWhy: Boolean) =
    stringSpec {
        fun FinishedSpan.shouldHaveLostItsClient() {
            val isUnexplained = !flushesSayWhy && this["error.type"] == "io.ktor.utils.io.ClosedByteChannelException"
            if (!isUnexplained) this["error.type"].shouldBeNull()
            this["http.request.cancelled"] shouldBe if (isUnexplained) null else true
            status shouldBe if (isUnexplained) SpanStatus.ERROR else SpanStatus.OK
        }

        for (cancelOnClose in CancelOnClose.values().filter { lateWritesFail || it != NOBODY }) {
            "A client that went away before its answer was an error, or not noticed: cancelled by $cancelOnClose" {
                val waiting = CompletableDeferred<Unit>()
                val gone = CompletableDeferred<Unit>()
                val leave: suspend (Socket) -> Unit = {
                    waiting.await()
                    it.close()
                    gone.complete(Unit)
                }
                val span = RawRequests(server).request(cancelOnClose = cancelOnClose, read = leave) { call ->
                    waiting.complete(Unit)
                    gone.await()
                    call.respondEndlessly()
                }

                span.shouldHaveLostItsClient()
            }
        }

        "A client that went away in the middle of a response was an error of the server" {
            val span = RawRequests(server).request { it.respondEndlessly() }
            span.shouldHaveLostItsClient()
            span["http.response.status_code"] shouldBe 200L
        }
    }

private suspend fun ApplicationCall.respondEndlessly() =
    respondBytesWriter {
        while (true) {
            writeStringUtf8("x".repeat(8_192))
            flush()
        }
    }

package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.ktor.server.netty.Netty
import io.ktor.server.response.respondBytesWriter
import io.ktor.utils.io.writeStringUtf8

class NettySocketTest : StringSpec({
    include(connections(SocketServer(Netty)))
    include(hostHeaders(SocketServer(Netty)))

    // Here alone: after this, the CIO engine may take 45 seconds to stop, whether it is traced or not.
    "A failure after the headers were sent was given a status that nobody got" {
        val span = RawRequests(SocketServer(Netty)).request { call ->
            call.respondBytesWriter {
                writeStringUtf8("part")
                flush()
                error("broken off")
            }
        }
        span["http.response.status_code"] shouldBe 200L
        span["error.type"] shouldBe "java.lang.IllegalStateException"
        span.status shouldBe SpanStatus.ERROR
    }
})

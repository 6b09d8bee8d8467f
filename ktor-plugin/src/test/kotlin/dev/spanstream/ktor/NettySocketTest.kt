package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.server.netty.Netty
import io.ktor.server.response.respondBytesWriter
import io.ktor.server.response.respondText
import io.ktor.utils.io.writeStringUtf8
import io.netty.channel.ChannelHandlerAdapter
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelPipeline
import kotlinx.coroutines.CompletableDeferred

class NettySocketTest : StringSpec({
    include(connections(SocketServer(Netty)))
    include(hostHeaders(SocketServer(Netty)))
    val noticed = CompletableDeferred<Unit>()
    include(
        handshakes(
            SocketServer(Netty) {
                channelPipelineConfig = { onEmpty { noticed.complete(Unit) } }
            },
        ) { noticed.await() },
    )

    "A client that had gone before its answer began was noticed, which Netty does not tell" {
        val asked = CompletableDeferred<Unit>()
        val hasGone = CompletableDeferred<Unit>()
        val netty = SocketServer(Netty) { channelPipelineConfig = { onEmpty { hasGone.complete(Unit) } } }
        val span = RawRequests(netty).request(read = { asked.await() }) { call ->
            asked.complete(Unit)
            hasGone.await()
            call.respondText("done")
        }
        span["http.request.cancelled"].shouldBeNull()
        span["http.response.status_code"] shouldBe 200L
        span.status shouldBe SpanStatus.OK
    }

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

/** The first handler is removed last when Netty takes leave of a connection. */
private fun ChannelPipeline.onEmpty(action: () -> Unit) {
    addFirst(
        object : ChannelHandlerAdapter() {
            override fun handlerRemoved(context: ChannelHandlerContext) = action()
        },
    )
}

package dev.spanstream.ktor

import io.ktor.server.cio.CIO
import io.ktor.server.request.header
import io.ktor.server.request.receive
import io.ktor.server.response.respondText
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.zip.GZIPInputStream

/** Keeps the bytes of every envelope, unpacked. */
class ByteReceiver {
    private val envelopes = ConcurrentLinkedQueue<ByteArray>()

    fun text(): String = envelopes.joinToString("\n") { it.decodeToString() }

    suspend fun open(talk: suspend (dsn: String) -> Unit) =
        SocketServer(CIO).serveAt({
            routing {
                post("/api/1/envelope/") {
                    val body = call.receive<ByteArray>()
                    val packed = call.request.header("Content-Encoding") == "gzip"
                    envelopes += if (packed) GZIPInputStream(body.inputStream()).readBytes() else body
                    call.respondText("{}")
                }
            }
        }) { port -> talk("http://key@127.0.0.1:$port/1") }
}

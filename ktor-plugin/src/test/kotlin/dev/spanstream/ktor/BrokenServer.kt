package dev.spanstream.ktor

import java.net.InetAddress
import java.net.ServerSocket
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread

/**
 * Answers one request with a body that begins well and goes on, once [breakOff] has come, in a way
 * that no client can read. A connection that is just closed would not do: not every client minds.
 */
class BrokenServer : AutoCloseable {
    private val socket = ServerSocket(0, 1, InetAddress.getLoopbackAddress())

    val url = "http://127.0.0.1:${socket.localPort}/"
    val breakOff = CountDownLatch(1)

    private val server =
        thread(isDaemon = true) {
            socket.accept().use { connection ->
                val out = connection.getOutputStream()
                connection
                    .getInputStream()
                    .bufferedReader()
                    .lineSequence()
                    .first { it.isEmpty() }
                out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n".toByteArray())
                out.flush()
                breakOff.await()
                out.write("no length\r\n".toByteArray())
            }
        }

    override fun close() {
        socket.close()
        breakOff.countDown()
        server.join()
    }
}

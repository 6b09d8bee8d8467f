package dev.spanstream.benchmarks.engines

import java.io.BufferedInputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import kotlin.concurrent.thread

private val ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".encodeToByteArray()
private const val LENGTH = "content-length:"

/** A server that takes whatever is posted, and does next to nothing; prints its port. */
public fun main() {
    val server = ServerSocket(0, 0, InetAddress.getLoopbackAddress())
    println(server.localPort)
    while (true) {
        val socket = server.accept()
        thread { socket.use(::serve) }
    }
}

private fun serve(socket: Socket) {
    val input = BufferedInputStream(socket.getInputStream())
    while (true) {
        var length = 0L
        while (true) {
            val line = input.readLine() ?: return
            if (line.isEmpty()) break
            if (line.startsWith(LENGTH, ignoreCase = true)) length = line.substring(LENGTH.length).trim().toLong()
        }
        input.skipNBytes(length)
        socket.getOutputStream().write(ANSWER)
    }
}

private fun BufferedInputStream.readLine(): String? {
    val line = StringBuilder()
    while (true) {
        val next = read()
        if (next < 0) return null
        if (next == '\n'.code) return line.trimEnd('\r').toString()
        line.append(next.toChar())
    }
}

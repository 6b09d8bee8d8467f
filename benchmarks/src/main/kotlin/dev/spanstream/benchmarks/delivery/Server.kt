package dev.spanstream.benchmarks.delivery

import java.io.BufferedInputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.atomic.AtomicLong
import kotlin.concurrent.thread

private const val LENGTH = "content-length:"

private val bytes = AtomicLong()

/**
 * A server that takes whatever is posted, and does next to nothing; prints its port. Whoever asks gets the number
 * of bytes that were posted.
 */
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
        var isQuestion = false
        while (true) {
            val line = input.readLine() ?: return
            if (line.startsWith("GET ")) isQuestion = true
            if (line.isEmpty()) break
            if (line.startsWith(LENGTH, ignoreCase = true)) length = line.substring(LENGTH.length).trim().toLong()
        }
        input.skipNBytes(length)
        bytes.addAndGet(length)
        val answer = if (isQuestion) "$bytes" else ""
        val response = "HTTP/1.1 200 OK\r\nContent-Length: ${answer.length}\r\n\r\n$answer"
        socket.getOutputStream().write(response.encodeToByteArray())
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

package dev.spanstream.benchmarks.delivery

import java.io.BufferedInputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.net.SocketException
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
        thread {
            try {
                socket.use(::serve)
            } catch (_: SocketException) {
                // A client that ends may reset its connections.
            }
        }
    }
}

private fun serve(socket: Socket) {
    val input = BufferedInputStream(socket.getInputStream())
    while (true) {
        val request = input.readLine() ?: return
        val headers = generateSequence { input.readLine()?.lowercase() }.takeWhile { it.isNotEmpty() }.toList()
        val length = headers.find { it.startsWith(LENGTH) }?.let { it.substring(LENGTH.length).trim().toLong() }
        when {
            length != null -> input.take(length)
            "transfer-encoding: chunked" in headers -> input.takeChunks()
        }
        val answer = if (request.startsWith("GET ")) "$bytes" else ""
        val response = "HTTP/1.1 200 OK\r\nContent-Length: ${answer.length}\r\n\r\n$answer"
        socket.getOutputStream().write(response.encodeToByteArray())
    }
}

private fun BufferedInputStream.take(length: Long) {
    skipNBytes(length)
    bytes.addAndGet(length)
}

/** A chunk of no length is the last; a line ends each. */
private fun BufferedInputStream.takeChunks() {
    do {
        val length = readLine()!!.toLong(radix = 16)
        take(length)
        readLine()
    } while (length > 0)
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

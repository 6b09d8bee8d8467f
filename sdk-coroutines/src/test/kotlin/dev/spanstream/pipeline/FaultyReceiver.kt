package dev.spanstream.pipeline

import java.io.BufferedInputStream
import java.io.DataInputStream
import java.io.IOException
import java.io.InputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import java.util.zip.GZIPInputStream

/** What the receiver does to one request. */
internal sealed interface Fault {
    /** Reads the request and answers, after a while. */
    data class Respond(
        val status: Int,
        val headers: Map<String, String> = emptyMap(),
        val afterMillis: Long = 0,
    ) : Fault

    /** Announces a longer body than it sends, and closes the connection. */
    data object WrongLength : Fault

    /** Reads the request, and never answers. */
    data object Hang : Fault

    /** Resets the connection when it has read a part of the body. */
    data object Reset : Fault

    companion object {
        val NONE = Respond(200)
    }
}

/**
 * A receiver on a plain socket, which can do to a request what no HTTP server library would. It counts the
 * spans of each batch that it answers with 200, once: if that comes too late for the client, it is sent again.
 *
 * @param remembers whether it notices what it is sent twice, for which it needs memory
 * @param plan what to do to which request, given its number from 1 on and how many bytes its body has
 */
internal class FaultyReceiver(
    port: Int = 0,
    private val remembers: Boolean = true,
    private val plan: (number: Int, bytes: Int) -> Fault,
) : AutoCloseable {
    private val server = ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress())
    private val threads = Executors.newCachedThreadPool { Thread(it, "receiver") }
    private val requests = AtomicInteger()
    private val closing = CountDownLatch(1)
    private val open = AtomicInteger()
    private val spans = AtomicLong()
    private val repeated = AtomicInteger()
    private val batches = ConcurrentHashMap.newKeySet<String>()

    val port: Int get() = server.localPort

    /** How many are open. */
    val connections: Int get() = open.get()

    /** How often it was sent what it had taken already. */
    val repetitions: Int get() = repeated.get()
    val accepted: Long get() = spans.get()

    init {
        threads.execute {
            while (!server.isClosed) {
                val socket = try {
                    server.accept()
                } catch (_: IOException) {
                    break
                }
                threads.execute { serve(socket) }
            }
        }
    }

    private fun serve(socket: Socket) =
        socket.use {
            open.incrementAndGet()
            try {
                val input = DataInputStream(BufferedInputStream(socket.getInputStream()))
                while (true) {
                    val bytes = input.readHead() ?: break
                    val fault = plan(requests.incrementAndGet(), bytes)
                    if (!react(fault, socket, input, bytes)) break
                }
            } catch (_: IOException) {
                // The client has given up.
            } finally {
                open.decrementAndGet()
            }
        }

    /** False if the connection is of no use any more. */
    private fun react(fault: Fault, socket: Socket, input: DataInputStream, bytes: Int): Boolean {
        if (fault is Fault.Reset) {
            input.readNBytes(bytes / 2)
            socket.setSoLinger(true, 0)
            return false
        }
        val body = ByteArray(bytes).also(input::readFully)
        when (fault) {
            is Fault.Respond -> {
                if (fault.afterMillis > 0) closing.await(fault.afterMillis, TimeUnit.MILLISECONDS)
                if (fault.status == OK) take(body)
                socket.answer(fault.status, fault.headers + ("Content-Length" to "2"))
                return true
            }

            Fault.WrongLength -> {
                take(body)
                socket.answer(OK, mapOf("Content-Length" to "1000"))
                // At once, and the client of the JDK may fail before it has told the status, which is then lost.
                closing.await(A_WHILE, TimeUnit.MILLISECONDS)
            }

            else -> {
                // Until the client gives up.
                input.read()
            }
        }
        return false
    }

    private fun take(body: ByteArray) {
        val lines = GZIPInputStream(body.inputStream()).bufferedReader()
        lines.readLine()
        val count = COUNT.find(lines.readLine())?.let { it.groupValues[1].toLong() } ?: return
        val first = SPAN_ID.find(lines.readLine())!!.groupValues[1]
        if (!remembers || batches.add(first)) spans.addAndGet(count) else repeated.incrementAndGet()
    }

    override fun close() {
        closing.countDown()
        server.close()
        threads.shutdown()
    }

    private companion object {
        const val OK = 200
        const val A_WHILE = 500L
        const val BACKLOG = 256
        val SPAN_ID = Regex(""""span_id":"(\w+)"""")
        val COUNT = Regex(""""item_count":(\d+)""")
        val LENGTH = Regex("content-length: *(\\d+)", RegexOption.IGNORE_CASE)

        /** The length of the body; null if there is no other request. */
        fun InputStream.readHead(): Int? {
            val head = StringBuilder()
            while (!head.endsWith("\r\n\r\n")) {
                val next = read()
                if (next < 0) return null
                head.append(next.toChar())
            }
            return LENGTH.find(head)!!.groupValues[1].toInt()
        }

        fun Socket.answer(status: Int, headers: Map<String, String>) {
            val head = headers.entries.joinToString("") { (name, value) -> "$name: $value\r\n" }
            getOutputStream().write("HTTP/1.1 $status Planned\r\n$head\r\n{}".encodeToByteArray())
        }
    }
}

package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.ByteArrayOutputStream
import java.io.InputStream
import java.net.Socket
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.util.zip.GZIPOutputStream
import kotlin.time.Duration.Companion.milliseconds

/** What somebody could send to harm the inbox: it goes on, and has kept nothing of it. */
class HostileTest : StringSpec({
    val mebibyte = ByteArray(1024 * 1024)

    suspend fun Lab.stillWorks() {
        post(envelope(container(span()))).statusCode() shouldBe 200
        inbox.awaitSpans(1)
        inbox.envelopes().sumOf { it.body.size.toLong() } shouldBe envelope(container(span())).length.toLong()
    }

    "a body of more than 200 MiB is answered 413, and none of it is kept" {
        Lab.run {
            val parts = generateSequence { mebibyte }.take(201).iterator()
            val body = HttpRequest.BodyPublishers.ofByteArrays(Iterable { parts })
            val request = HttpRequest.newBuilder(URI("http://127.0.0.1:${inbox.port}$path")).POST(body)
            request.header(auth.first, auth.second)
            // The inbox answers while the client still writes, and then hangs up.
            runCatching { HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString()) }
            inbox.envelopes().single().status shouldBe 413
            inbox.clear()
            stillWorks()
        }
    }

    "a gzip bomb of a gibibyte is answered 413, and none of it is kept" {
        Lab.run {
            val bomb = ByteArrayOutputStream()
            GZIPOutputStream(bomb).use { zip -> repeat(1024) { zip.write(mebibyte) } }
            post(bomb.toByteArray(), auth, "Content-Encoding" to "gzip").statusCode() shouldBe 413
            stillWorks()
        }
    }

    listOf("{", "{}\n{", "\u0000", "{}\n{\"type\":\"span\"}\n[[[[", "[".repeat(100_000)).forEach { text ->
        "broken bytes '${text.printable(20)}' cost nobody anything" {
            Lab.run {
                post(text)
                inbox.traces().shouldBeEmpty()
                inbox.clear()
                stillWorks()
            }
        }
    }

    "two hundred clients that stop in the middle of a body keep nobody waiting" {
        Lab.run {
            val slow = List(200) { Socket("127.0.0.1", inbox.port).apply { halfRequest() } }
            stillWorks()
            slow.forEach(Socket::close)
        }
    }

    "a client that does not finish its body is told so" {
        Lab.run({ bodyTimeout = 50.milliseconds }) {
            val answer = Socket("127.0.0.1", inbox.port).use { socket ->
                socket.halfRequest()
                socket.getInputStream().bufferedReader().readLine()
            }
            answer shouldContain "408"
            inbox.rejections().single().reason shouldBe "http_408"
        }
    }

    "pages that ask for news and never read them hold up no envelope" {
        Lab.run {
            val deaf = List(50) { Socket("127.0.0.1", inbox.port).apply { ask("/events") } }
            repeat(200) { send(numbered(it + 1)) }
            inbox.acceptedSpanCount() shouldBe 200
            deaf.forEach(Socket::close)
        }
    }
})

private fun Socket.halfRequest() {
    val head = "POST /api/1/envelope/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{}"
    soTimeout = 30_000
    getOutputStream().write(head.encodeToByteArray())
}

/** Asks, and waits for the head of the answer. */
private fun Socket.ask(path: String) {
    getOutputStream().write("GET $path HTTP/1.1\r\nHost: localhost\r\n\r\n".encodeToByteArray())
    val answer: InputStream = getInputStream()
    check(answer.read() == 'H'.code)
}

package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import java.net.Socket

/** The page without a browser: what it lets in and out. */
class PageHttpTest : StringSpec({
    val json = "Content-Type" to "application/json"

    "the page tells a developer where to send to" {
        Lab.run {
            val page = get("/")
            page.headers().firstValue("Content-Type").get() shouldStartWith "text/html"
            page.body() shouldContain inbox.dsn
            inbox.pageUrl shouldBe "http://127.0.0.1:${inbox.port}/"
        }
    }

    "nothing of the page runs or loads but its own files" {
        Lab.run {
            val page = get("/")
            val policy = page.headers().firstValue("Content-Security-Policy").get()
            policy shouldContain "default-src 'none'"
            policy shouldNotContain "unsafe"
            page.body() shouldNotContain "style="
            val files = Regex("(?:href|src)=\"(/[^\"]+)\"").findAll(page.body()).map { it.groupValues[1] }.toSet()
            (files + "/page/server.js" + "/page/details.js").forEach { get(it).statusCode() shouldBe 200 }
            listOf("http:", "https:", "//").forEach { page.body().replace(inbox.dsn, "") shouldNotContain "=\"$it" }
        }
    }

    "only the files of the page are served" {
        Lab.run {
            listOf("/page/nothing", "/page/..%2finbox-logback.xml", "/page/index.html", "/inbox-logback.xml").forEach {
                get(it).statusCode() shouldBe 404
            }
        }
    }

    "a site that points its own name at loopback reads nothing" {
        Lab.run {
            send(span())
            listOf("/", "/traces", "/traces/$TRACE", "/events").forEach { path ->
                rawStatus(inbox.port, path, host = "evil.example") shouldBe "HTTP/1.1 403 Forbidden"
            }
            rawStatus(inbox.port, "/traces", host = "localhost:${inbox.port}") shouldBe "HTTP/1.1 200 OK"
        }
    }

    "a page of another origin can neither import nor clear without being asked first" {
        Lab.run {
            send(span())
            request(
                "POST",
                "/traces",
                get("/traces/$TRACE/export").body().encodeToByteArray(),
                "Content-Type" to "text/plain",
            ).statusCode() shouldBe 415
            val answer = request("OPTIONS", "/traces", ByteArray(0), "Access-Control-Request-Method" to "DELETE")
            answer.headers().firstValue("Access-Control-Allow-Origin").isEmpty shouldBe true
        }
    }

    "clear forgets what has arrived" {
        Lab.run {
            send(span())
            request("DELETE", "/traces", ByteArray(0)).statusCode() shouldBe 204
            inbox.traces().shouldBeEmpty()
        }
    }

    "a trace that is not here is a 404, and so is a span" {
        Lab.run {
            send(span())
            listOf("/traces/${"0".repeat(32)}", "/traces/$TRACE/spans/99", "/traces/$TRACE/spans/x", "/traces/x/export")
                .forEach { get(it).statusCode() shouldBe 404 }
            get("/traces/$TRACE/spans/1").statusCode() shouldBe 200
        }
    }

    "a page that knows a trace is told only what has come since, and what is gone" {
        Lab.run({ maxSpans = 2 }) {
            send(numbered(1, "name" to "\"first\""), numbered(2, "name" to "\"second\""))
            get("/traces?since=2").body() shouldContain "\"traces\":[]"
            send(numbered(3, "name" to "\"third\""))
            val rows = get("/traces/$TRACE?since=2").body()
            rows shouldContain "third"
            rows shouldNotContain id(2)
            rows shouldContain "\"floor\":2"
            get("/traces?since=2").body() shouldContain TRACE
        }
    }

    "an exported trace comes back as it was, once, whatever is there" {
        Lab.run {
            val link = "links" to """[{"trace_id":"$TRACE","span_id":"${id(2)}","attributes":{}}]"""
            send(numbered(1, link), numbered(2, "name" to "\"ünïcode \\u0000 \\\"quoted\\\"\""))
            send(numbered(3), trace = DSC.dropLast(1) + ""","sample_rate":"0.5"}""")
            val before = inbox.traces().single()
            val file = get("/traces/$TRACE/export")
            file.headers().firstValue("Content-Disposition").get() shouldContain "trace-$TRACE.json"
            send(numbered(4))
            request("POST", "/traces", file.body().encodeToByteArray(), json).statusCode() shouldBe 200
            val after = inbox.traces().single()
            after.spans.map { it.json } shouldBe before.spans.map { it.json }
            after.dynamicSamplingContexts shouldBe before.dynamicSamplingContexts
            get("/traces/$TRACE/export").body() shouldBe file.body()
        }
    }

    "a trace of last year is exported and imported" {
        Lab.run {
            send(span())
            val file = get("/traces/$TRACE/export").body().encodeToByteArray()
            inbox.clear()
            clock.pass(java.time.Duration.ofDays(365))
            request("POST", "/traces", file, json).statusCode() shouldBe 200
            inbox.traces() shouldHaveSize 1
        }
    }

    mapOf(
        "broken JSON" to "{",
        "another format" to """{"format":"x","version":1}""",
        "another version" to """{"format":"spanstream-trace","version":2,"trace_id":"$TRACE","batches":[]}""",
        "no spans" to """{"format":"spanstream-trace","version":1,"trace_id":"$TRACE","batches":[]}""",
        "a batch that is none" to """{"format":"spanstream-trace","version":1,"trace_id":"$TRACE","batches":[1]}""",
        "a span that Sentry would reject" to
            """{"format":"spanstream-trace","version":1,"trace_id":"$TRACE","batches":[""" +
            """{"received_at":"${Lab.NOW}","trace":$DSC,"items":[${span("name" to null)}]}]}""",
        "a batch of another trace" to
            """{"format":"spanstream-trace","version":1,"trace_id":"${"1".repeat(32)}","batches":[""" +
            """{"received_at":"${Lab.NOW}","trace":$DSC,"items":[${span()}]}]}""",
    ).forEach { (what, file) ->
        "a file with $what is refused, and nothing is lost by it" {
            Lab.run {
                send(span())
                request("POST", "/traces", file.encodeToByteArray(), json).statusCode() shouldBe 400
                inbox.traces().single().spans shouldHaveSize 1
            }
        }
    }

    "a file above the limit is refused" {
        Lab.run({ maxEnvelopeSize = 1_000 }) {
            request("POST", "/traces", ByteArray(2_000), json).statusCode() shouldBe 413
        }
    }
})

/** The first line of the answer; Java's own client does not let a test choose the host. */
private fun rawStatus(port: Int, path: String, host: String): String = Socket("127.0.0.1", port).use { socket ->
    socket.getOutputStream().write("GET $path HTTP/1.1\r\nHost: $host\r\nConnection: close\r\n\r\n".encodeToByteArray())
    socket.getInputStream().bufferedReader().readLine()
}

package dev.spanstream.ktor

import dev.spanstream.coroutines.withSpan
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.request.get
import io.ktor.client.request.header

/** What becomes of the value of a header that is written down. */
class CapturedHeadersTest : StringSpec({
    val sink = RecordingSink()

    /** The attributes of the headers, by name, of a request that has one of them. */
    suspend fun captured(name: String, value: String, pii: Boolean): Map<String, Any?> {
        val tracer = tracer(sink) { sendDefaultPii = pii }
        Shop().open { url ->
            HttpClient(CIO) {
                install(ClientTracing) {
                    this.tracer = tracer
                    captureHeaders(name)
                }
            }.use { client -> tracer.withSpan("caller") { client.get("$url/fine") { header(name, value) } } }
        }
        return sink
            .take(2)
            .first()
            .sentAttributes
            .filterKeys { it.startsWith("http.request.header.") }
            .mapKeys { it.key.substringAfterLast('.') }
    }

    class Row(val name: String, val value: String, val asked: String, val welcome: String)

    val rows = listOf(
        Row("X-Original-URL", "/reset?token=canary&a=1", "/reset", "/reset?token=[Filtered]&a=1"),
        Row("X-Rewrite-URL", "reset?canary_token", "reset", "reset?canary_token=[Filtered]"),
        Row("X-Forwarded-Uri", "/reset?token=canary", "[Filtered]", "/reset?token=[Filtered]"),
        Row(
            "Refresh",
            "0; url=http://u:canary@h/?token=canary",
            "0; url=http://[Filtered]@h/",
            "0; url=http://[Filtered]@h/?token=[Filtered]",
        ),
        Row(
            "Link",
            "<http://u:canary@h/a?token=canary&p=2>; rel=next, </b?pwd=canary>; rel=prev",
            "<http://[Filtered]@h/a>; rel=next, </b>; rel=prev",
            "<http://[Filtered]@h/a?token=[Filtered]&p=2>; rel=next, </b?pwd=[Filtered]>; rel=prev",
        ),
        Row("Destination", "http://canary@h/a", "http://[Filtered]@h/a", "http://[Filtered]@h/a"),
        Row("Origin", "http://u:c@n@ry:canary@h", "http://[Filtered]@h", "http://[Filtered]@h"),
        Row("Referer", "u:canary@h/x", "[Filtered]@h/x", "[Filtered]@h/x"),
        Row("Referer", "//canary@h/x#canary", "//[Filtered]@h/x", "//[Filtered]@h/x"),
        Row("Referer", "http:\\\\u:canary@h/?sid=canary", "[Filtered]@h/", "[Filtered]@h/?sid=[Filtered]"),
        Row("X-Callback", "#access_token=canary", "", ""),
        Row(
            "X-Next",
            "/a?next=http://u:canary@h/?a=1,pwd=canary&b=2",
            "/a",
            "/a?next=http://[Filtered]@h/?a=1,pwd=[Filtered]&b=2",
        ),
        Row("X-Escaped", "/a?%74oken=canary&%zz=canary", "/a", "/a?%74oken=[Filtered]&%zz=[Filtered]"),
    )

    for (row in rows) {
        "A secret in a URL was written down, or more than the secret was lost: ${row.name} ${row.value}" {
            val name = row.name.lowercase()
            captured(row.name, row.value, pii = false) shouldBe mapOf(name to listOf(row.asked))
            captured(row.name, row.value, pii = true) shouldBe mapOf(name to listOf(row.welcome))
        }
    }

    val plain = listOf(
        "text/html, application/xml;q=0.9, */*;q=0.8",
        "?0",
        "u=1, i=?0",
        "\"Not?A_Brand\";v=\"8\"",
        "#fff",
        "really?",
        "Mozilla/5.0 (compatible; bot/2.1; +http://bot.example:8080/about)",
        "W/\"abc\"",
        "bob@example.com",
        "Wed, 21 Oct 2026 07:28:00 GMT",
    )

    for (value in plain) {
        "A value that has no secret was changed: $value" {
            for (pii in listOf(false, true)) captured("X-Plain", value, pii) shouldBe mapOf("x-plain" to listOf(value))
        }
    }

    "A cookie of the old kind was written down as it was sent" {
        captured("Cookie2", "\$Version=1, sid=canary; theme=dark", pii = false) shouldBe emptyMap()
        captured("Cookie2", "\$Version=1, sid=canary; theme=dark", pii = true) shouldBe
            mapOf("cookie2" to listOf("\$Version=1", "sid=[Filtered]", "theme=dark"))
        captured("Set-Cookie2", "sid=canary; Path=/canary", pii = true) shouldBe
            mapOf("set-cookie2" to listOf("sid=[Filtered]"))
    }

    "A secret behind anything that may be in a URL was written down" {
        val before =
            listOf("", "/", "http://h/", "a b ", "<", "x=1;", "?", "/a?b=1&", "/a?b=1,", "//h/?u=/x?", "\"", "#")
        val secrets = listOf("//u:canary@h/", "u:canary@h", "?token=canary", "/a?token=canary", "/a?b&token=canary")
        for (first in before) {
            for (second in secrets) {
                "${captured("X-Any", first + second, pii = true)}" shouldNotContain "canary"
                "${captured("X-Any", first + second, pii = false)}" shouldNotContain "canary"
            }
        }
    }
})

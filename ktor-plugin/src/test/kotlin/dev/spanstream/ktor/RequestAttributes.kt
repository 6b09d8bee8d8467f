package dev.spanstream.ktor

import dev.spanstream.TracingOptions
import dev.spanstream.sink.FinishedSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.request.header
import io.ktor.client.request.post
import io.ktor.client.request.setBody
import io.ktor.server.application.install
import io.ktor.server.plugins.forwardedheaders.XForwardedHeaders
import io.ktor.server.request.receiveText
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import io.ktor.server.routing.post
import io.ktor.server.routing.routing

/** What a service span says of its request and response, and what it must not say. */
fun requestAttributes(server: TestServer) =
    stringSpec {
        val sink = RecordingSink()

        suspend fun request(
            options: TracingOptions.() -> Unit = {},
            configure: ServerTracingConfig.() -> Unit = {},
            forwarded: Boolean = false,
        ): FinishedSpan {
            lateinit var span: FinishedSpan
            server.serve({
                if (forwarded) install(XForwardedHeaders)
                install(ServerTracing) {
                    tracer = tracer(sink, options)
                    configure()
                }
                routing {
                    post("/orders") {
                        call.receiveText()
                        call.response.header("Set-Cookie", "basket=7; Path=/; Domain=secret17")
                        call.response.header("X-Trace-Token", "secret18")
                        call.response.header("Location", "http://user:secret19@shop/next?page=2&code=3&pwd=secret20")
                        call.respondText("secret21")
                    }
                }
            }) { client ->
                client.post("/orders?page=2&api_key=secret1&%74oken=secret2") {
                    header("Cookie", "theme=dark; SESSID=secret4;=; nameless;empty=")
                    header("X-Kind", "a")
                    header("Authorization", "secret5")
                    header("X-Forwarded-For", "203.0.113.7")
                    header("X-Forwarded-Proto", "https")
                    header("X-Forwarded-Host", "shop.example")
                    header("User-Agent", "agent/1")
                    setBody("secret=9")
                }
                span = sink.take()
            }
            return span
        }

        fun FinishedSpan.headers() = sentAttributes.filterKeys { ".header." in it }

        "Something that tells who is asking was written down although nobody wants to know" {
            val span = request()
            span.headers().keys.shouldBeEmpty()
            span["url.query"].shouldBeNull()
            span["client.address"].shouldBeNull()
            span["user_agent.original"].shouldBeNull()
            "$span ${span.sentAttributes}".contains("secret") shouldBe false
        }

        "A request lacked its URL or the size of a body" {
            val span = request()
            span["url.path"] shouldBe "/orders"
            val port = if (span["server.port"] == 80L) "" else ":${span["server.port"]}"
            span["url.full"] shouldBe "http://${span["server.address"]}$port/orders"
            span["http.request.body.size"] shouldBe 8L
            span["http.response.body.size"] shouldBe 8L
        }

        "What tells who is asking was missing although it is wanted, or a secret was in it" {
            val span = request({ sendDefaultPii = true })
            span["url.query"] shouldBe "page=2&api_key=[Filtered]&%74oken=[Filtered]"
            "${span["url.full"]}".substringAfter('?') shouldBe span["url.query"]
            span["client.address"].shouldNotBeNull()
            span["user_agent.original"] shouldBe "agent/1"
            span["http.request.header.x-kind"] shouldBe listOf("a")
            span["http.request.header.authorization"] shouldBe listOf("[Filtered]")
            span["http.request.header.cookie"] shouldBe
                listOf("theme=dark", "SESSID=[Filtered]", "[Filtered]", "empty=")
            span["http.response.header.set-cookie"] shouldBe listOf("basket=7")
            span["http.response.header.x-trace-token"] shouldBe listOf("[Filtered]")
            span["http.response.header.location"] shouldBe
                listOf("http://[Filtered]@shop/next?page=2&code=3&pwd=[Filtered]")
            span["http.request.header.sentry-trace"].shouldBeNull()
            "${span.sentAttributes}".contains("secret") shouldBe false
        }

        "Other headers were written down than those that were asked for" {
            val span =
                request({}, { captureHeaders("X-KIND", "Authorization", "X-Forwarded-For", "Location", "Cookie") })
            span.headers() shouldBe mapOf(
                "http.request.header.x-kind" to listOf("a"),
                "http.request.header.authorization" to listOf("[Filtered]"),
                "http.request.header.x-forwarded-for" to listOf("[Filtered]"),
                "http.response.header.location" to listOf("http://[Filtered]@shop/next"),
            )
        }

        "Asking for some headers did not leave out the others" {
            request({ sendDefaultPii = true }, { captureHeaders("x-kind") }).headers().keys shouldBe
                setOf(
                    "http.request.header.x-kind",
                    "http.request.header.cookie",
                    "http.response.header.set-cookie",
                )
        }

        "What a proxy said of the request was believed without being asked for, or not believed" {
            val direct = request({ sendDefaultPii = true })
            direct["url.scheme"] shouldBe "http"
            val span = request({ sendDefaultPii = true }, forwarded = true)
            span["url.scheme"] shouldBe "https"
            span["server.address"] shouldBe "shop.example"
            span["client.address"] shouldBe "203.0.113.7"
        }
    }

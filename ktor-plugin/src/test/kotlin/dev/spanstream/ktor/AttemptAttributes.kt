package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.TracingOptions
import dev.spanstream.coroutines.withSpan
import dev.spanstream.sink.FinishedSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.HttpClientConfig
import io.ktor.client.engine.HttpClientEngineFactory
import io.ktor.client.plugins.HttpRequestRetry
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocket
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.client.request.setBody
import io.ktor.websocket.Frame
import io.ktor.websocket.close
import io.ktor.websocket.readText
import io.ktor.websocket.send

/** What the span of an attempt says of it, and what it must not say. */
fun attemptAttributes(engine: HttpClientEngineFactory<*>, webSockets: Boolean) =
    stringSpec {
        val sink = RecordingSink()

        suspend fun asking(
            options: TracingOptions.() -> Unit = {},
            configure: ClientTracingConfig.() -> Unit = {},
            client: HttpClientConfig<*>.() -> Unit = {},
            ask: suspend (HttpClient, String) -> Unit,
        ): List<FinishedSpan> {
            val tracer = tracer(sink, options)
            Shop().open { url ->
                HttpClient(engine) {
                    install(ClientTracing) {
                        this.tracer = tracer
                        configure()
                    }
                    client()
                }.use { http -> tracer.withSpan("caller") { ask(http, url) } }
            }
            // Of a body or a session, the span may end after that of the caller.
            val spans = mutableListOf<FinishedSpan>()
            while (spans.none { it.name == "caller" } || tracer.stats().open() > 0) spans += sink.take()
            return spans.filter { it.name != "caller" } + sink.untaken()
        }

        val secrets: suspend (HttpClient, String) -> Unit = { client, url ->
            client.get("$url/fine?page=2&api_key=secret1") {
                header("Cookie", "theme=dark; sid=secret3")
                header("Authorization", "secret4")
                header("X-Kind", "a")
                setBody("secret5")
            }
        }

        fun FinishedSpan.headers() = sentAttributes.filterKeys { ".header." in it }

        "Something that tells who is asking was written down although nobody wants to know" {
            val span = asking(ask = secrets).single()
            span.headers().shouldBeEmpty()
            span["url.query"].shouldBeNull()
            "${span.name} ${span.sentAttributes}".contains("secret") shouldBe false
        }

        "What tells who is asking was missing although it is wanted, or a secret was in it" {
            val span = asking({ sendDefaultPii = true }, ask = secrets).single()
            span["url.query"] shouldBe "page=2&api_key=[Filtered]"
            "${span["url.full"]}".substringAfter("/fine") shouldBe "?page=2&api_key=[Filtered]"
            span["http.request.header.cookie"] shouldBe listOf("theme=dark", "sid=[Filtered]")
            span["http.request.header.authorization"] shouldBe listOf("[Filtered]")
            span["http.request.header.x-kind"] shouldBe listOf("a")
            "${span.name} ${span.sentAttributes}".contains("secret") shouldBe false
        }

        "Other headers were written down than those that were asked for" {
            asking({}, { captureHeaders("X-Kind", "Content-Length") }, ask = secrets).single().headers() shouldBe
                mapOf(
                    "http.request.header.x-kind" to listOf("a"),
                    "http.response.header.content-length" to listOf("4"),
                )
        }

        "A request did not say its version or the sizes of its bodies" {
            val span = asking { client, url -> client.get("$url/fine") { setBody("seven77") } }.single()
            span["network.protocol.version"] shouldBe "1.1"
            span["http.request.body.size"] shouldBe 7L
            span["http.response.body.size"] shouldBe 4L
        }

        "The name was not that of the template" {
            val span = asking { client, url -> client.get("$url/fine") { urlTemplate = "/{what}" } }.single()
            span.name shouldBe "GET /{what}"
            span["url.template"] shouldBe "/{what}"
            "${span["url.full"]}".substringAfterLast('/') shouldBe "fine"
        }

        "Attempts were not counted, or those of another request were" {
            val retrying: HttpClientConfig<*>.() -> Unit = {
                install(HttpRequestRetry) {
                    retryOnServerErrors(maxRetries = 3)
                    delay { }
                }
            }
            val spans = asking(client = retrying) { client, url ->
                client.get("$url/flaky")
                client.get("$url/moved")
            }
            spans.map { it["http.request.resend_count"] } shouldBe listOf(null, 1L, 2L, null, 1L)
        }

        "A WebSocket was done before it was closed, or was an error".config(enabled = webSockets) {
            val spans = asking(client = { install(WebSockets) }) { client, url ->
                client.webSocket(url.replace("http", "ws") + "/echo") {
                    send("hello")
                    (incoming.receive() as Frame.Text).readText() shouldBe "hello"
                    sink.untaken().size shouldBe 0
                    close()
                }
            }
            spans.single().run {
                get("http.response.status_code") shouldBe 101L
                status shouldBe SpanStatus.OK
                name.substringBefore(':') shouldBe "GET ws"
            }
        }
    }

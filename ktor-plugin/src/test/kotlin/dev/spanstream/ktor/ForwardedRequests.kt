package dev.spanstream.ktor

import dev.spanstream.sink.FinishedSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.server.application.install
import io.ktor.server.plugins.forwardedheaders.XForwardedHeaders
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing

/** What a proxy says of a request, which is read only when its span has started. */
fun forwardedRequests(server: TestServer) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        suspend fun forwarded(path: String): FinishedSpan {
            server.serve({
                install(XForwardedHeaders)
                install(ServerTracing) { this.tracer = tracer }
                routing {
                    get("/orders/{id}") { call.respondText("") }
                    get("/invitations/{secret}") {
                        call.span.setAttribute("url.path", "/invitations/mine")
                        call.respondText("")
                    }
                }
            }) { client ->
                client.get(path) {
                    header("X-Forwarded-Proto", "https")
                    header("X-Forwarded-Host", "shop.example")
                }
            }
            return sink.take()
        }

        for (path in listOf("/orders/7", "/nowhere")) {
            "What a proxy said of a request was not what was sent: $path" {
                forwarded(path).run {
                    get("url.scheme") shouldBe "https"
                    get("server.address") shouldBe "shop.example"
                    get("server.port") shouldBe 443L
                    get("url.full") shouldBe "https://shop.example$path"
                }
            }
        }

        "What a handler wrote over what a proxy had said was not what was sent" {
            forwarded("/invitations/7").run {
                get("url.path") shouldBe "/invitations/mine"
                get("url.scheme") shouldBe "https"
            }
        }
    }

package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.coroutines.withSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.client.request.post
import io.ktor.client.request.setBody
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.install
import io.ktor.server.request.receiveText
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import java.time.Duration

private const val CANARY = "canary17"

/** Plants a word in every place of a request and of what it sets going, and looks for it in all bytes that leave. */
fun canaries(server: SocketServer<*>) =
    stringSpec {
        "By default, something that a client had sent, or was sent, left the process" {
            val receiver = ByteReceiver()
            receiver.open { dsn ->
                val tracer = Tracer.create {
                    it.dsn = dsn
                    it.tracesSampleRate = 1.0
                }
                HttpClient(CIO) { install(ClientTracing) { this.tracer = tracer } }.use { inner ->
                    server.serve({
                        install(ServerTracing) {
                            this.tracer = tracer
                            captureHeaders("X-Session-Id", "X-Forwarded-For", "Referer", "X-Fine")
                            captureHeaders("X-Original-URL", "X-Forwarded-Uri", "Refresh", "Link", "Destination")
                            captureHeaders("Origin", "Cookie2")
                        }
                        routing {
                            post("/orders/{id}") {
                                val port = call.request.local.localPort
                                inner.post("http://$CANARY:$CANARY@127.0.0.1:$port/fail?q=$CANARY#$CANARY") {
                                    header("Authorization", CANARY)
                                    setBody(CANARY)
                                }
                                call.response.header("Set-Cookie", "a=$CANARY")
                                call.response.header("X-Other", CANARY)
                                call.response.header("Refresh", "0; url=http://u:$CANARY@h/?token=$CANARY")
                                call.response.header("Link", "<http://u:$CANARY@h/?$CANARY>; rel=next, </?a=$CANARY>")
                                tracer.withSpan("work") { }
                                call.respondText(call.receiveText())
                            }
                            post("/fail") { error(CANARY) }
                        }
                    }) { client ->
                        client
                            .post("/orders/17?page=$CANARY&$CANARY=1") {
                                header("Cookie", "theme=$CANARY; $CANARY=1")
                                header("Authorization", "Bearer $CANARY")
                                header("X-Session-Id", CANARY)
                                header("X-Forwarded-For", CANARY)
                                header("Forwarded", "for=$CANARY")
                                header("Referer", "http://user:$CANARY@a.example/?q=$CANARY#$CANARY")
                                header("X-Original-URL", "/reset?token=$CANARY")
                                header("X-Forwarded-Uri", "/reset?token=$CANARY")
                                header("Destination", "http://u:$CANARY@a.example/")
                                header("Origin", "http://u:$CANARY@a.example")
                                header("Cookie2", "sid=$CANARY")
                                header("X-$CANARY", CANARY)
                                header("X-Fine", "fine")
                                header("User-Agent", CANARY)
                                header("baggage", "other=$CANARY")
                                setBody(CANARY)
                            }.bodyAsText() shouldBe CANARY
                        client.get("/nowhere").status shouldBe HttpStatusCode.NotFound
                    }
                }
                tracer.flush(Duration.ofSeconds(10)) shouldBe true
                tracer.close()
            }
            receiver.text().run {
                shouldContain("POST /orders/{id}")
                shouldContain("POST /fail")
                shouldContain("fine")
                shouldNotContain(CANARY)
            }
        }
    }

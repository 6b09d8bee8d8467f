package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.DuplicatePluginException
import io.ktor.server.application.install
import io.ktor.server.plugins.statuspages.StatusPages
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.route
import io.ktor.server.routing.routing

/** The plugin in a route instead of the application, or in several places. */
fun installedInRoutes(server: TestServer) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        "A plugin that is installed in a route traced others, or did not know the route" {
            server.serve({
                routing {
                    route("/api") {
                        install(ServerTracing) {
                            this.tracer = tracer
                            spanName { null }
                        }
                        get("/orders/{id}") { call.respondText(call.span.name) }
                    }
                    route("/admin") {
                        install(ServerTracing) {
                            this.tracer = tracer
                            spanName { "admin" }
                        }
                        get { call.respondText("") }
                    }
                    get("/open") { call.respondText("${call.spanOrNull}") }
                }
            }) { client ->
                client.get("/open").bodyAsText() shouldBe "null"
                client.get("/api/orders/7").bodyAsText() shouldBe "GET /api/orders/{id}"
                sink.take().name shouldBe "GET /api/orders/{id}"
                client.get("/admin")
                sink.take().name shouldBe "admin"
            }
            sink.untaken().shouldBeEmpty()
        }

        "A plugin that is installed in a route and in one around it traced a request twice, or as the outer one" {
            server.serve({
                routing {
                    route("/api") {
                        install(ServerTracing) { this.tracer = tracer }
                        route("/admin") {
                            install(ServerTracing) {
                                this.tracer = tracer
                                spanName { "admin" }
                            }
                            get { call.respondText("") }
                        }
                    }
                }
            }) { client -> client.get("/api/admin") }
            sink.take().name shouldBe "admin"
            tracer.stats().open() shouldBe 0
            sink.untaken().shouldBeEmpty()
        }

        "A plugin that is installed in a route saw a path that no route matches, or what StatusPages answered" {
            server.serve({
                install(StatusPages) {
                    exception<NoSuchElementException> { call, _ -> call.respondText("", status = HttpStatusCode.Gone) }
                }
                routing {
                    route("/api") {
                        install(ServerTracing) { this.tracer = tracer }
                        get("/orders/{id}") { throw NoSuchElementException() }
                    }
                }
            }) { client ->
                client.get("/api/nowhere").status shouldBe HttpStatusCode.NotFound
                client.get("/api/orders/7").status shouldBe HttpStatusCode.Gone
            }
            sink.take().run {
                name shouldBe "GET /api/orders/{id}"
                status shouldBe SpanStatus.ERROR
                get("error.type") shouldBe "java.util.NoSuchElementException"
                get("http.response.status_code") shouldBe 500L
            }
            sink.untaken().shouldBeEmpty()
        }

        "A plugin that is installed in the application and then in a route was not refused" {
            shouldThrow<DuplicatePluginException> {
                server.serve({
                    install(ServerTracing) { this.tracer = tracer }
                    routing { route("/api") { install(ServerTracing) { this.tracer = tracer } } }
                }) { client -> client.get("/api") }
            }
        }

        "A plugin that is installed in a route and then in the application made other spans than the page says" {
            server.serve({
                routing {
                    route("/api") {
                        install(ServerTracing) { this.tracer = tracer }
                        get { call.respondText("") }
                    }
                }
                install(ServerTracing) { this.tracer = tracer }
            }) { client -> client.get("/api") }
            val spans = sink.take(2)
            spans.map { it.isServiceSpan } shouldBe listOf(true, true)
            spans.map { it.traceId }.distinct().size shouldBe 2
        }
    }

package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.client.request.head
import io.ktor.client.request.request
import io.ktor.http.HttpMethod
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.install
import io.ktor.server.plugins.mutableOriginConnectionPoint
import io.ktor.server.request.httpMethod
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.header
import io.ktor.server.routing.host
import io.ktor.server.routing.method
import io.ktor.server.routing.route
import io.ktor.server.routing.routing

/** How the service span of a request is named. */
fun serviceSpanNames(server: TestServer) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        fun Application.traced(routes: Route.() -> Unit) {
            install(ServerTracing) { this.tracer = tracer }
            routing(routes)
        }

        fun Application.shop() = traced {
            fun Route.ok(path: String) = get(path) { call.respondText("") }
            route("/shops/{shop}") { route("orders") { ok("{order}/lines/{line?}") } }
            ok("/")
            ok("/slash/")
            route("/slashed/") { ok("under") }
            ok("/any/*/card")
            ok("/files/v{path...}")
            ok("/id-{id}.json")
            route(Regex("/(?<number>\\d+)")) { ok("hello") }
            route("/handled") { header("X-Kind", "a") { method(HttpMethod.Post) { handle { call.respondText("") } } } }
            route("/all") { handle { call.respondText("") } }
        }

        val templates = mapOf(
            "/shops/7/orders/8/lines/9?q=1" to "/shops/{shop}/orders/{order}/lines/{line?}",
            "/shops/7/orders/8/lines" to "/shops/{shop}/orders/{order}/lines/{line?}",
            "/" to "/",
            "/slash/" to "/slash/",
            "/slashed/under" to "/slashed/under",
            "/any/thing/card" to "/any/*/card",
            "/files/v1/a/b.txt" to "/files/v{path...}",
            "/id-17.json" to "/id-{id}.json",
            "/42/hello" to "/(?<number>\\d+)/hello",
            "/all" to "/all",
        )

        "The name of a request was not its route as it was written" {
            server.serve({ shop() }) { client ->
                for ((path, template) in templates) {
                    client.get(path).status.value shouldBe 200
                    val span = sink.take()
                    span.name shouldBe "GET $template"
                    span["http.route"] shouldBe template
                    span["sentry.segment.name.source"] shouldBe "route"
                    span["url.path"] shouldBe path.substringBefore('?')
                }
            }
        }

        "The host that a route selects by got into its name" {
            server.serve({
                traced { host(listOf("127.0.0.1", "localhost")) { get("/hosted") { call.respondText("") } } }
            }) { client -> client.get("/hosted").status.value shouldBe 200 }
            sink.take().name shouldBe "GET /hosted"
        }

        "Methods and headers that a route selects by got into its name" {
            server.serve({ shop() }) { client ->
                client.request("/handled") {
                    method = HttpMethod.Post
                    headers.append("X-Kind", "a")
                }
            }
            sink.take().name shouldBe "POST /handled"
        }

        "A path that no route matches became a name" {
            server.serve({ shop() }) { client -> client.get("/nowhere/123") }
            val span = sink.take()
            span.name shouldBe "GET"
            span["http.route"].shouldBeNull()
            span["sentry.segment.name.source"] shouldBe "url"
            span["url.path"] shouldBe "/nowhere/123"
            span["http.response.status_code"] shouldBe 404L
            span.status shouldBe SpanStatus.ERROR
        }

        "A method that a client made up became a name" {
            server.serve({ shop() }) { client ->
                client.request("/nowhere") { method = HttpMethod("SECRET17") }
                sink.take().name shouldBe "HTTP"
                client.request("/all") { method = HttpMethod("SECRET18") }
                sink.take().name shouldBe "HTTP /all"
            }
        }

        "A HEAD request that is routed as GET, as AutoHeadResponse does it, was named GET" {
            server.serve({
                traced { get("/orders") { call.respondText(call.request.httpMethod.value) } }
                intercept(ApplicationCallPipeline.Plugins) {
                    context.mutableOriginConnectionPoint.method = HttpMethod.Get
                }
            }) { client -> client.head("/orders") }
            val span = sink.take()
            span.name shouldBe "HEAD /orders"
            span["http.request.method"] shouldBe "HEAD"
            span["http.response.body.size"].shouldBeNull()
        }
    }

package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.sink.FinishedSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.client.request.request
import io.ktor.http.HttpMethod
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.call
import io.ktor.server.application.install
import io.ktor.server.auth.Authentication
import io.ktor.server.auth.authenticate
import io.ktor.server.auth.basic
import io.ktor.server.http.content.staticFiles
import io.ktor.server.plugins.cors.routing.CORS
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.method
import io.ktor.server.routing.route
import io.ktor.server.routing.routing
import java.nio.file.Files
import kotlin.io.path.writeText

/** Calls that something else than a handler answers. */
fun answers(server: TestServer) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        suspend fun request(
            path: String,
            method: HttpMethod = HttpMethod.Get,
            headers: Map<String, String> = emptyMap(),
            configure: Application.() -> Unit,
        ): FinishedSpan {
            server.serve({
                install(ServerTracing) { this.tracer = tracer }
                configure()
            }) { client ->
                client.request(path) {
                    this.method = method
                    headers.forEach { (name, value) -> header(name, value) }
                }
            }
            return sink.take()
        }

        "The answer of an interceptor was not seen" {
            val span = request("/orders/7") {
                intercept(ApplicationCallPipeline.Plugins) {
                    call.respondText("busy", status = HttpStatusCode.ServiceUnavailable)
                    finish()
                }
                routing { get("/orders/{id}") { call.respondText("") } }
            }
            span["http.response.status_code"] shouldBe 503L
            span.status shouldBe SpanStatus.ERROR
            span.name shouldBe "GET"
        }

        "The challenge to a client that said no name was not seen" {
            val span = request("/orders/7") {
                install(Authentication) { basic { validate { null } } }
                routing { authenticate { get("/orders/{id}") { call.respondText("") } } }
            }
            span["http.response.status_code"] shouldBe 401L
            span.status shouldBe SpanStatus.ERROR
            span.name shouldBe "GET /orders/{id}"
        }

        "A preflight request, which no route answers, had another name than its method" {
            val cors = mapOf("Origin" to "http://a.example", "Access-Control-Request-Method" to "GET")
            val span = request("/orders/7", HttpMethod.Options, cors) {
                install(CORS) { anyHost() }
                routing { get("/orders/{id}") { call.respondText("") } }
            }
            span.name shouldBe "OPTIONS"
            span["http.response.status_code"] shouldBe 200L
            span.status shouldBe SpanStatus.OK
        }

        "A file of a folder had the name of its path, or none" {
            val folder = Files.createTempDirectory("static").apply { resolve("logo-17.svg").writeText("<svg/>") }
            val span = request("/static/logo-17.svg") { routing { staticFiles("/static", folder.toFile()) } }
            span.name shouldBe "GET /static/{static-content-path-parameter...}"
            span["http.response.status_code"] shouldBe 200L
            folder.toFile().deleteRecursively()
        }

        "A route within a method had the method in its name" {
            val span = request("/shops/7/open", HttpMethod.Put) {
                routing {
                    route("/shops/{shop}") {
                        method(HttpMethod.Put) { route("open") { handle { call.respondText("") } } }
                    }
                }
            }
            span.name shouldBe "PUT /shops/{shop}/open"
            span["error.type"].shouldBeNull()
        }
    }

package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.coroutines.withSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.request.basicAuth
import io.ktor.client.request.header
import io.ktor.client.request.request
import io.ktor.client.request.setBody
import io.ktor.http.ContentType
import io.ktor.http.HttpMethod
import io.ktor.http.HttpStatusCode
import io.ktor.http.contentType
import io.ktor.serialization.kotlinx.json.json
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.auth.Authentication
import io.ktor.server.auth.UserIdPrincipal
import io.ktor.server.auth.authenticate
import io.ktor.server.auth.basic
import io.ktor.server.plugins.autohead.AutoHeadResponse
import io.ktor.server.plugins.calllogging.CallLogging
import io.ktor.server.plugins.compression.Compression
import io.ktor.server.plugins.contentnegotiation.ContentNegotiation
import io.ktor.server.plugins.statuspages.StatusPages
import io.ktor.server.request.receive
import io.ktor.server.response.respond
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import kotlinx.serialization.json.JsonObject

/** Requests to an application that has the usual plugins, which each have a hand in some of them. */
fun installedTogether(server: TestServer) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        /** Sends the request, and says of its span what somebody would see first. */
        suspend fun HttpClient.seen(method: String, path: String, user: String): String {
            val answer = request(path) {
                this.method = HttpMethod(method)
                header("sentry-trace", "$TRACE-$PARENT-1")
                header("Accept-Encoding", "gzip")
                basicAuth(user, "password")
                if (method == "POST") {
                    contentType(ContentType.Application.Json)
                    setBody("""{"id": 7}""")
                }
            }
            val child = sink.take()
            val span = if (child.isServiceSpan) child else sink.take()
            if (child !== span) child.parentSpanId shouldBe span.spanId
            span.traceId shouldBe TRACE
            span.parentSpanId shouldBe PARENT
            span["http.response.status_code"] shouldBe answer.status.value.toLong()
            val within = child.name.takeIf { child !== span }
            val encoding = answer.headers["Content-Encoding"].takeIf { method == "GET" }
            return listOfNotNull(span.name, answer.status.value, span.status, within, encoding).joinToString(" ")
        }

        for (tracingFirst in listOf(true, false)) {
            "Among other plugins, a request had another name, status or parent: tracing first: $tracingFirst" {
                val plugins = plugins(tracer).let { if (tracingFirst) it else it.reversed() }
                server.serve({
                    plugins.forEach { it() }
                    orders(tracer)
                }) { client ->
                    listOf(
                        client.seen("GET", "/orders/7", "user"),
                        client.seen("HEAD", "/orders/7", "user"),
                        client.seen("GET", "/orders/gone", "user"),
                        client.seen("GET", "/orders/7", "stranger"),
                        client.seen("POST", "/orders", "user"),
                        client.seen("GET", "/nowhere", "user"),
                    ).shouldContainExactly(
                        "GET /orders/{id} 200 OK find gzip",
                        "HEAD /orders/{id} 200 OK find",
                        "GET /orders/{id} 410 ERROR find",
                        "GET /orders/{id} 401 ERROR",
                        "POST /orders 201 OK",
                        "GET 404 ERROR",
                    )
                }
            }
        }
    }

private fun plugins(tracer: Tracer): List<Application.() -> Unit> =
    listOf(
        { install(ServerTracing) { this.tracer = tracer } },
        { install(CallLogging) { mdc("trace_id") { it.spanOrNull?.traceId } } },
        { install(AutoHeadResponse) },
        { install(Compression) },
        { install(ContentNegotiation) { json() } },
        {
            install(StatusPages) {
                exception<NoSuchElementException> { call, _ -> call.respondText("gone", status = HttpStatusCode.Gone) }
            }
        },
        {
            install(Authentication) {
                basic { validate { (name) -> UserIdPrincipal(name).takeIf { name == "user" } } }
            }
        },
    )

private fun Application.orders(tracer: Tracer) =
    routing {
        authenticate {
            get("/orders/{id}") {
                tracer.withSpan("find") {
                    if (call.parameters["id"] == "gone") throw NoSuchElementException()
                    call.respond(listOf("order".repeat(100)))
                }
            }
            post("/orders") { call.respond(HttpStatusCode.Created, call.receive<JsonObject>()) }
        }
    }

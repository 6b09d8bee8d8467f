package dev.spanstream.ktor

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.plugins.statuspages.StatusPages
import io.ktor.server.response.respond
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.Job

class CioSocketTest : StringSpec({
    include(connections(SocketServer(CIO)))
    include(hostHeaders(SocketServer(CIO)))
    include(handshakes(SocketServer(CIO), noticesInTime = false))

    // Here alone: other engines do not mind.
    "A connection that the engine refused, as nobody had asked for it, was not done when the refusal was answered" {
        val sink = RecordingSink()
        val tracer = tracer(sink)
        SocketServer(CIO).serve({
            install(ServerTracing) { this.tracer = tracer }
            install(StatusPages) {
                exception<Throwable> { call, _ -> call.respondText("", status = HttpStatusCode.BadRequest) }
            }
            routing { get("/") { call.respond(Connection(Job())) } }
        }) { client -> client.get("/").status shouldBe HttpStatusCode.BadRequest }
        tracer.stats().open() shouldBe 0
        sink.take().run {
            get("http.response.status_code") shouldBe 400L
            get("http.request.cancelled").shouldBeNull()
        }
    }
})

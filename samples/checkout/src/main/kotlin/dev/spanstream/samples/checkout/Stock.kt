package dev.spanstream.samples.checkout

import dev.spanstream.coroutines.withSpan
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.delay
import kotlin.time.Duration.Companion.milliseconds

/** The service that knows what is left: nothing of lamps. */
internal fun Application.stock() {
    traced("stock")
    routing {
        get("/articles/{article}/reservation") {
            val article = call.parameters["article"]
            val left =
                withSpan("query shelf") { span ->
                    delay(SHELF_LATENCY)
                    (if (article == "lamp") 0 else 1).also { span.setAttribute("shelf.left", it) }
                }
            if (left > 0) {
                call.respondText("reserved")
            } else {
                call.respondText("nothing left", status = HttpStatusCode.Conflict)
            }
        }
    }
}

private val SHELF_LATENCY = 2.milliseconds

package dev.spanstream.ktor

import dev.spanstream.coroutines.withSpan
import dev.spanstream.slf4j.TraceMdc
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.install
import io.ktor.server.plugins.calllogging.CallLogging
import io.ktor.server.plugins.calllogging.CallLoggingConfig
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.yield
import org.slf4j.MDC

/** The trace in the MDC, where CallLogging, which has an MDC of its own, is installed. */
fun loggedTraces(server: TestServer) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        /** What the MDC says of the trace: in the handler, within a span of it, and after that. */
        suspend fun logged(loggingFirst: Boolean, logging: CallLoggingConfig.() -> Unit): List<String?> {
            var answer = ""
            server.serve({
                if (loggingFirst) install(CallLogging, logging)
                install(ServerTracing) { this.tracer = tracer }
                if (!loggingFirst) install(CallLogging, logging)
                routing {
                    get("/") {
                        yield()
                        val inside = MDC.get("trace_id")
                        val within = tracer.withSpan("child") {
                            yield()
                            MDC.get("trace_id")
                        }
                        yield()
                        call.respondText("$inside $within ${MDC.get("trace_id")}")
                    }
                }
            }) { client -> answer = client.get("/").bodyAsText() }
            return answer.split(' ')
        }

        "The trace was not in the MDC of CallLogging, or another one was" {
            for (loggingFirst in listOf(true, false)) {
                val seen = logged(loggingFirst) { mdc("trace_id") { it.spanOrNull?.traceId } }
                val trace = sink.take(2).last().traceId
                seen shouldBe List(3) { trace }
            }
        }

        "The trace that TraceMdc keeps was lost where CallLogging is installed" {
            TraceMdc.install()
            try {
                for (loggingFirst in listOf(true, false)) {
                    val seen = logged(loggingFirst) { mdc("shop") { "1" } }
                    val trace = sink.take(2).last().traceId
                    seen shouldBe List(3) { trace }
                }
            } finally {
                TraceMdc.uninstall()
            }
        }
    }

package dev.spanstream.ktor.probe

import dev.spanstream.Tracer
import dev.spanstream.coroutines.withSpan
import dev.spanstream.ktor.ServerTracing
import io.ktor.client.HttpClient
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.install
import io.ktor.server.request.receiveText
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import io.ktor.util.pipeline.PipelinePhase
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ThreadContextElement
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.util.concurrent.atomic.LongAdder
import kotlin.coroutines.CoroutineContext

/** Requests that suspend in many ways with spans open, and a look at the thread on which each one starts. */
class ProbeShop(private val tracer: Tracer, private val neighbour: Boolean) {
    val dirty: LongAdder = LongAdder()
    val foreign: LongAdder = LongAdder()

    fun install(application: Application, client: HttpClient) {
        application.install(ServerTracing) { tracer = this@ProbeShop.tracer }
        application.lookAtThreads()
        if (neighbour) {
            application.installNeighbour()
        }
        application.routing {
            post("/orders/{id}") {
                val id = call.parameters["id"]!!
                call.receiveText()
                tracer.withSpan("order", mapOf("request" to id)) {
                    delay(1)
                    price(id)
                    pack(id)
                    client.get("http://127.0.0.1:${call.request.local.localPort}/stock/$id").bodyAsText()
                    plain("last", id) {}
                }
                call.respondText(id)
            }
            get("/stock/{id}") {
                val id = call.parameters["id"]!!
                yield()
                tracer.withSpan("shelf", mapOf("request" to id)) { withContext(Dispatchers.IO) { Thread.yield() } }
                call.respondText(id)
            }
        }
    }

    /** Outside of the plugin. */
    private fun Application.lookAtThreads() {
        val outside = PipelinePhase("Probe")
        insertPhaseBefore(items.first(), outside)
        intercept(outside) {
            if (ThreadPointer.isForeign()) dirty.increment()
            if (tracer.currentSpan() != null) foreign.increment()
        }
    }

    /** As CallLogging does for its MDC. */
    private fun Application.installNeighbour() =
        listOf(ApplicationCallPipeline.Monitoring, ApplicationCallPipeline.Call).forEach { phase ->
            intercept(phase) { withContext(Neighbour()) { proceed() } }
        }

    private suspend fun CoroutineScope.price(id: String) =
        plain("java", id) {
            delay(1)
            withContext(Dispatchers.IO) { plain("blocking", id) { Thread.yield() } }
            listOf("left", "right")
                .map { name ->
                    async(Dispatchers.Default) {
                        tracer.withSpan(name, mapOf("request" to id)) {
                            delay(1)
                            tracer.withSpan("$name inner", mapOf("request" to id)) { delay(1) }
                        }
                    }
                }.awaitAll()
        }

    private suspend fun pack(id: String) =
        tracer.withSpan("flow", mapOf("request" to id)) {
            flow {
                tracer.withSpan("upstream", mapOf("request" to id)) { delay(1) }
                emit(id)
                delay(1)
            }.flowOn(Dispatchers.Default).collect { plain("downstream", id) { delay(1) } }
        }

    /** A span as Java code starts it. */
    private inline fun plain(name: String, id: String, block: () -> Unit) =
        tracer.startSpan(name, mapOf("request" to id)).use { block() }
}

/** The thread context of another plugin. */
private class Neighbour : ThreadContextElement<String> {
    companion object Key : CoroutineContext.Key<Neighbour>

    override val key: CoroutineContext.Key<Neighbour> get() = Key

    override fun updateThreadContext(context: CoroutineContext): String = ""

    override fun restoreThreadContext(context: CoroutineContext, oldState: String) = Unit
}

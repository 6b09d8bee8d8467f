package dev.spanstream.ktor

import com.sun.management.ThreadMXBean
import dev.spanstream.Tracer
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.longs.shouldBeLessThan
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.PipelineCall
import io.ktor.server.application.call
import io.ktor.server.application.install
import io.ktor.server.netty.Netty
import io.ktor.server.response.respondText
import io.ktor.util.AttributeKey
import io.ktor.util.pipeline.execute
import java.lang.management.ManagementFactory

/**
 * How many bytes the plugin takes of a request: what a thread allocates when it sends one call through the
 * pipeline again and again, with the plugin and without.
 */
class AllocationTest :
    StringSpec({
        suspend fun bytesPerCall(sampleRate: Double?): Long {
            val tracer = Tracer.create {
                it.setSink { }
                it.tracesSampleRate = sampleRate
            }
            var bytes = ""
            SocketServer(Netty).serve({
                if (sampleRate != null) install(ServerTracing) { this.tracer = tracer }
                measureFirstCall()
            }) { bytes = it.get("/orders/7").bodyAsText() }
            return bytes.toLong()
        }

        "A request takes more memory than it has to" {
            val none = bytesPerCall(sampleRate = null)
            bytesPerCall(sampleRate = 0.0) - none shouldBeLessThan UNSAMPLED
            bytesPerCall(sampleRate = 1.0) - none shouldBeLessThan SAMPLED
        }
    })

private fun Application.measureFirstCall() {
    intercept(ApplicationCallPipeline.Call) {
        if (call.attributes.contains(Measured)) return@intercept finish()
        call.attributes.put(Measured, Unit)
        val answered = call
        var before = 0L
        repeat(WARM_UP + CALLS) { number ->
            if (number == WARM_UP) before = allocated()
            this@measureFirstCall.execute(answered as PipelineCall)
        }
        val bytes = (allocated() - before) / CALLS
        call.respondText("$bytes")
        finish()
    }
}

private fun allocated(): Long = (ManagementFactory.getThreadMXBean() as ThreadMXBean).currentThreadAllocatedBytes

private val Measured = AttributeKey<Unit>("Measured")

/** It is 160 to 256, by what the compiler of the JVM makes of it. */
private const val UNSAMPLED = 300L

/** It is up to 1,330. */
private const val SAMPLED = 1_700L

private const val WARM_UP = 20_000
private const val CALLS = 10_000

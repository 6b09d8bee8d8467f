package dev.spanstream.samples.checkout

import io.ktor.client.HttpClient
import io.ktor.client.engine.java.Java
import io.ktor.client.request.headers
import io.ktor.client.request.post
import io.ktor.client.statement.bodyAsText
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit
import java.util.function.BooleanSupplier

/** A customer: sends orders, of which some fail, without tracing of its own. */
internal class Driver(
    private val storefrontUrl: String,
    private val stop: BooleanSupplier = BooleanSupplier { false },
) : AutoCloseable {
    private val client = HttpClient(Java)
    private val atOnce = Semaphore(CUSTOMERS)

    /** Sends [orders] orders, some at a time, or fewer if [stop] says so, and waits for all answers. */
    suspend fun order(orders: Int) {
        coroutineScope {
            repeat(orders) { number ->
                atOnce.withPermit { } // Starts no more than can go on, or thousands would wait here.
                launch { atOnce.withPermit { if (!stop.asBoolean) orderOne(number) } }
            }
        }
    }

    /** Sends one order; every third finds nothing left, every fifth is for an unknown article. */
    suspend fun orderOne(number: Int, traceHeaders: Map<String, String> = emptyMap()): String =
        client
            .post("$storefrontUrl/checkout/${articleOf(number)}") {
                headers { traceHeaders.forEach { (name, value) -> append(name, value) } }
            }.bodyAsText()

    private fun articleOf(number: Int) =
        when {
            number % UNKNOWN_EVERY == UNKNOWN_EVERY - 1 -> "unicorn"
            number % SOLD_OUT_EVERY == SOLD_OUT_EVERY - 1 -> "lamp"
            else -> "book"
        }

    override fun close(): Unit = client.close()

    private companion object {
        const val CUSTOMERS = 16
        const val SOLD_OUT_EVERY = 3
        const val UNKNOWN_EVERY = 5
    }
}

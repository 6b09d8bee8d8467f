package dev.spanstream.samples.snippets.migration

import dev.spanstream.coroutines.withSpan
import dev.spanstream.samples.snippets.migration.Shop.Cart
import io.opentelemetry.api.trace.Tracer
import io.opentelemetry.extension.kotlin.asContextElement
import kotlinx.coroutines.withContext

/** What applications do with the Kotlin extension of OpenTelemetry, and the same without it. */
internal class CoroutinesWithOpenTelemetry(private val shop: Shop, private val tracer: Tracer) {
    // region before
    suspend fun checkOut(cart: Cart) {
        val span = tracer.spanBuilder("check out").startSpan()
        try {
            withContext(span.asContextElement()) { shop.charge(cart) }
        } finally {
            span.end()
        }
    }
    // endregion

    // region after
    suspend fun checkOutAndStream(cart: Cart) = withSpan("check out") { shop.charge(cart) }
    // endregion
}

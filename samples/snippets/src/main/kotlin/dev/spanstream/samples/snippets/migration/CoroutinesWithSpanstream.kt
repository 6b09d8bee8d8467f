package dev.spanstream.samples.snippets.migration

import dev.spanstream.coroutines.withSpan
import dev.spanstream.samples.snippets.migration.Shop.Cart

/** The same as [CoroutinesWithSentry] does. */
internal class CoroutinesWithSpanstream(private val shop: Shop) {
    // region with-span
    suspend fun checkOut(cart: Cart) =
        withSpan("check out") {
            withSpan("reserve stock") { shop.reserve(cart) }
            shop.charge(cart)
        }
    // endregion
}

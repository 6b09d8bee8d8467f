package dev.spanstream.samples.snippets.migration

import dev.spanstream.samples.snippets.migration.Shop.Cart
import io.sentry.Sentry
import io.sentry.SpanStatus
import io.sentry.TransactionOptions
import io.sentry.kotlin.SentryContext
import kotlinx.coroutines.withContext

/** What applications do with the Kotlin extension of Sentry; beside it stands [CoroutinesWithSpanstream]. */
internal class CoroutinesWithSentry(private val shop: Shop) {
    // region with-span
    suspend fun checkOut(cart: Cart) {
        val bound = TransactionOptions().apply { isBindToScope = true }
        val transaction = Sentry.startTransaction("check out", "task", bound)
        try {
            withContext(SentryContext()) {
                val child = transaction.startChild("stock", "reserve stock")
                try {
                    shop.reserve(cart)
                } finally {
                    child.finish()
                }
                shop.charge(cart)
            }
            transaction.status = SpanStatus.OK
        } catch (e: RuntimeException) {
            transaction.throwable = e
            transaction.status = SpanStatus.INTERNAL_ERROR
            throw e
        } finally {
            transaction.finish()
        }
    }
    // endregion
}

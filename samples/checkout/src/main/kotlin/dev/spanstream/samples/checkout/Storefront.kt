package dev.spanstream.samples.checkout

import dev.spanstream.coroutines.withSpan
import io.ktor.client.HttpClient
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpStatusCode
import io.ktor.http.isSuccess
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.response.respondText
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import kotlinx.coroutines.async
import java.math.BigDecimal

/** The service that customers talk to: asks `stock` and the price list at the same time. */
internal fun Application.storefront(stock: HttpClient, stockUrl: () -> String) {
    traced("storefront")
    val prices = PriceList()
    routing {
        post("/checkout/{article}") {
            val article = call.parameters["article"].orEmpty()
            val total =
                withSpan("check out", mapOf("article" to article)) { span ->
                    val reserved = async { reserve(stock, stockUrl(), article) }
                    val price = async { withSpan("price order") { prices.priceOf(article) } }
                    price.await().takeIf { reserved.await() }.also { span.setAttribute("sold", it != null) }
                }
            answer(call, total)
        }
    }
}

private suspend fun reserve(stock: HttpClient, url: String, article: String): Boolean =
    withSpan("reserve stock") {
        val answer = stock.get("$url/articles/$article/reservation")
        answer.bodyAsText()
        answer.status.isSuccess()
    }

private suspend fun answer(call: ApplicationCall, total: BigDecimal?) {
    if (total == null) {
        call.respondText("sold out", status = HttpStatusCode.Conflict)
    } else {
        call.respondText("total $total")
    }
}

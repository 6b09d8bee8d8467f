package dev.spanstream.samples.snippets

// region program
import dev.spanstream.coroutines.initTracing
import dev.spanstream.coroutines.withSpan
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.time.Duration
import kotlin.time.Duration.Companion.milliseconds

fun main() = runBlocking(Dispatchers.Default) {
    // Sends to what SENTRY_DSN says.
    initTracing {
        tracesSampleRate = 1.0
        shutdownTimeout = Duration.ofSeconds(10) // for the last spans, at the end of the program
    }
    println("to pay: ${checkOut(listOf("book", "candle"))}")
}

suspend fun checkOut(cart: List<String>): Int =
    withSpan("check out") { span ->
        span.setAttribute("cart.items", cart.size)
        cart.map { article -> async { priceOf(article) } }.sumOf { it.await() }
    } // ends when the coroutines launched in it are done, too

suspend fun priceOf(article: String): Int =
    withSpan("look up price", mapOf("article" to article)) {
        delay(20.milliseconds) // maybe on another thread from here on
        article.length * 3
    }
// endregion

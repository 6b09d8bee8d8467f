package shop

import dev.spanstream.Traces
import dev.spanstream.consumers.Receiver
import dev.spanstream.coroutines.initTracing
import dev.spanstream.coroutines.traced
import dev.spanstream.coroutines.withSpan
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import java.time.Duration

/** Imports articles in coroutines, with spanstream-coroutines and what it brings. */
fun main() {
    Receiver.start().use { receiver ->
        initTracing {
            dsn = receiver.dsn()
            tracesSampleRate = 1.0
            shutdownTimeout = Duration.ofSeconds(30)
        }
        runBlocking {
            withSpan("import articles") { span ->
                val prices = async(Dispatchers.IO) { withSpan("load prices") { 12 } }
                span.setAttribute("price", prices.await())
                flowOf("book", "pen").traced("store articles").toList()
            }
        }
        Traces.close()
        receiver.expect("import articles", "load prices", "store articles")
    }
}

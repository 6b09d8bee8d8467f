package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.coroutines.withSpan
import dev.spanstream.sink.FinishedSpan
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.HttpClientConfig
import io.ktor.client.engine.HttpClientEngineFactory
import io.ktor.client.plugins.HttpRequestTimeoutException
import io.ktor.client.plugins.HttpTimeout
import io.ktor.client.request.get
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.milliseconds

/** How the span of a request ends that nobody waits for any more. */
fun givenUpRequests(engine: HttpClientEngineFactory<*>) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        /** The span of a request that is never answered; [ask] gets the request and when it is there. */
        suspend fun requested(
            configure: HttpClientConfig<*>.() -> Unit = {},
            ask: suspend (request: suspend () -> Unit, isThere: suspend () -> Unit) -> Unit,
        ): FinishedSpan {
            val shop = Shop()
            shop.open { url ->
                HttpClient(engine) {
                    install(ClientTracing) { this.tracer = tracer }
                    configure()
                }.use { client ->
                    tracer.withSpan("caller") { ask({ client.get("$url/silent") }, shop.silence::await) }
                }
            }
            return sink.take(2).first { it.name != "caller" }
        }

        "A request whose coroutine was cancelled was an error" {
            val span = requested { request, isThere ->
                coroutineScope {
                    val job = launch { request() }
                    isThere()
                    job.cancelAndJoin()
                }
            }
            span.status shouldBe SpanStatus.OK
            span["error.type"].shouldBeNull()
        }

        "A request that was cancelled because a sibling failed took over the sibling's failure" {
            val span = requested { request, isThere ->
                shouldThrow<IllegalStateException> {
                    coroutineScope {
                        async { request() }
                        isThere()
                        error("the sibling")
                    }
                }
            }
            span.status shouldBe SpanStatus.OK
            span["error.type"].shouldBeNull()
        }

        "A request whose own time was up was no error" {
            val span = requested({ install(HttpTimeout) { requestTimeoutMillis = 50 } }) { request, _ ->
                shouldThrow<HttpRequestTimeoutException> { request() }
            }
            span.status shouldBe SpanStatus.ERROR
            span["error.type"] shouldBe HttpRequestTimeoutException::class.java.name
        }

        "A request whose caller's time was up was no error" {
            val span = requested { request, _ ->
                shouldThrow<TimeoutCancellationException> { withTimeout(50.milliseconds) { request() } }
            }
            span.status shouldBe SpanStatus.ERROR
            span["error.type"] shouldBe TimeoutCancellationException::class.java.name
        }
    }

package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.coroutines.withSpan
import dev.spanstream.sink.FinishedSpan
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.throwables.shouldThrowAny
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.HttpClientEngineFactory
import io.ktor.client.request.get
import io.ktor.client.request.prepareGet
import io.ktor.client.statement.bodyAsChannel
import io.ktor.client.statement.bodyAsText
import io.ktor.utils.io.readByte
import io.ktor.utils.io.readRemaining
import kotlinx.io.readString

/** A span lasts until the body is done. */
fun bodies(engine: HttpClientEngineFactory<*>) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        suspend fun asking(ask: suspend (HttpClient, String) -> Unit) =
            Shop().open { url ->
                HttpClient(engine) { install(ClientTracing) { this.tracer = tracer } }.use { client ->
                    tracer.withSpan("caller") { ask(client, url) }
                }
            }

        /** By name, because a streamed body may be done on another thread while the caller goes on. */
        suspend fun request(): FinishedSpan = sink.take(2).single { it.name != "caller" }

        "A body that is kept was not done when the response was there" {
            asking { client, url ->
                val response = client.get("$url/parts")
                tracer.stats().open() shouldBe 1
                response.bodyAsText() shouldBe "one"
            }
            request().status shouldBe SpanStatus.OK
        }

        "A body that is streamed was done before it was read" {
            asking { client, url ->
                client.prepareGet("$url/parts").execute { response ->
                    tracer.stats().open() shouldBe 2
                    response.bodyAsChannel().readRemaining().readString() shouldBe "one"
                }
            }
            request().status shouldBe SpanStatus.OK
            tracer.stats().open() shouldBe 0
        }

        "A body that breaks off was no error" {
            BrokenServer().use { server ->
                server.breakOff.countDown()
                asking { client, _ -> shouldThrowAny { client.get(server.url) } }
            }
            request().run {
                status shouldBe SpanStatus.ERROR
                get("error.type").shouldNotBeNull()
            }
        }

        "A streamed body that breaks off was no error" {
            BrokenServer().use { server ->
                asking { client, _ ->
                    shouldThrowAny {
                        client.prepareGet(server.url).execute { response ->
                            val body = response.bodyAsChannel()
                            body.readByte()
                            server.breakOff.countDown()
                            body.readRemaining()
                        }
                    }
                }
            }
            request().run {
                status shouldBe SpanStatus.ERROR
                get("error.type").shouldNotBeNull()
                get("http.response.status_code") shouldBe 200L
            }
        }

        "The failure of the code that reads a body was a failure of the request" {
            asking { client, url ->
                shouldThrow<IllegalStateException> {
                    client.prepareGet("$url/parts").execute { error("cannot use it") }
                }
            }
            request().run {
                status shouldBe SpanStatus.OK
                get("error.type").shouldBeNull()
            }
        }
    }

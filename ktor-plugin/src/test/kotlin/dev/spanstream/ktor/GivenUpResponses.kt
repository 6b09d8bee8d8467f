package dev.spanstream.ktor

import dev.spanstream.coroutines.withSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.ktor.client.HttpClient
import io.ktor.client.HttpClientConfig
import io.ktor.client.engine.HttpClientEngineFactory
import io.ktor.client.plugins.HttpResponseRedirectEvent
import io.ktor.client.plugins.auth.Auth
import io.ktor.client.plugins.auth.providers.BearerTokens
import io.ktor.client.plugins.auth.providers.bearer
import io.ktor.client.request.get
import io.ktor.client.request.prepareGet
import io.ktor.client.statement.bodyAsText

/** How the span of an attempt ends whose response is taken for a reason to make another one. */
fun givenUpResponses(engine: HttpClientEngineFactory<*>) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)
        val openBetween = mutableListOf<Long>()

        val asks = mapOf<String, suspend (HttpClient, String) -> Unit>(
            "kept" to { client, url -> client.get(url) },
            "streamed" to { client, url -> client.prepareGet(url).execute { it.bodyAsText() } },
        )

        suspend fun asking(path: String, how: String, configure: HttpClientConfig<*>.() -> Unit = {}) =
            Shop().open { url ->
                openBetween.clear()
                HttpClient(engine) {
                    install(ClientTracing) { this.tracer = tracer }
                    configure()
                }.use { client ->
                    client.monitor.subscribe(HttpResponseRedirectEvent) { openBetween += tracer.stats().open() }
                    tracer.withSpan("caller") { asks.getValue(how)(client, url + path) }
                }
            }

        /** Of all attempts, which may be done on other threads. */
        suspend fun statuses() = sink.take(3).map { it["http.response.status_code"] }

        for ((how, open) in mapOf("kept" to 1L, "streamed" to 2L)) {
            "A redirect whose body is $how was done too early, too late or never" {
                asking("/moved", how)
                openBetween.shouldContainExactly(open)
                statuses().shouldContainExactlyInAnyOrder(302L, 200L, null)
                sink.untaken().shouldBeEmpty()
            }

            "A response that Auth answers with another attempt, its body $how, was done too early, too late or never" {
                asking("/private", how) {
                    install(Auth) {
                        bearer {
                            loadTokens { BearerTokens("old", null) }
                            refreshTokens {
                                openBetween += tracer.stats().open()
                                BearerTokens("new", null)
                            }
                        }
                    }
                }
                openBetween.shouldContainExactly(open)
                statuses().shouldContainExactlyInAnyOrder(401L, 200L, null)
                sink.untaken().shouldBeEmpty()
            }
        }
    }

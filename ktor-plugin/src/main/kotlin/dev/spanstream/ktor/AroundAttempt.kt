package dev.spanstream.ktor

import io.ktor.client.HttpClient
import io.ktor.client.call.HttpClientCall
import io.ktor.client.plugins.api.ClientHook
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.request.HttpSendPipeline

/**
 * Wraps each request that really leaves the client: the handler sends it by the function it gets.
 *
 * Ktor's own `Send` hook wraps whatever was installed later, so that a retry plugin further down
 * would make all attempts one. This one lies below all of them, and below the cache.
 */
internal object AroundAttempt :
    ClientHook<suspend (HttpRequestBuilder, suspend () -> HttpClientCall) -> HttpClientCall> {
    override fun install(
        client: HttpClient,
        handler: suspend (HttpRequestBuilder, suspend () -> HttpClientCall) -> HttpClientCall,
    ) {
        client.sendPipeline.intercept(HttpSendPipeline.Monitoring) {
            handler(context) { proceed() as HttpClientCall }
        }
    }
}

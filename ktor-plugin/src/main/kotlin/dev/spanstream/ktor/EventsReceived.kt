package dev.spanstream.ktor

import io.ktor.client.HttpClient
import io.ktor.client.call.HttpClientCall
import io.ktor.client.plugins.api.ClientHook
import io.ktor.client.plugins.sse.SSESession
import io.ktor.client.statement.HttpResponsePipeline

/** Tells of each response that became a stream of events, before anybody reads them. */
internal object EventsReceived : ClientHook<(HttpClientCall, SSESession) -> Unit> {
    override fun install(client: HttpClient, handler: (HttpClientCall, SSESession) -> Unit) {
        client.responsePipeline.intercept(HttpResponsePipeline.After) { (_, body) ->
            if (body is SSESession) {
                handler(context, body)
            }
        }
    }
}

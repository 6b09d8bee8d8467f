package dev.spanstream.samples.snippets.migration

import io.ktor.client.HttpClient
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.client.statement.HttpResponse
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.call
import io.ktor.server.request.header
import io.ktor.server.request.httpMethod
import io.ktor.server.request.path
import io.sentry.Sentry
import io.sentry.SpanStatus
import io.sentry.TransactionContext
import io.sentry.TransactionOptions
import io.sentry.kotlin.SentryContext
import kotlinx.coroutines.withContext

// region server
fun Application.tracedBySentry() {
    intercept(ApplicationCallPipeline.Monitoring) {
        val incoming =
            Sentry.continueTrace(call.request.header("sentry-trace"), call.request.headers.getAll("baggage"))
                ?: TransactionContext("", "")
        incoming.name = "${call.request.httpMethod.value} ${call.request.path()}"
        incoming.operation = "http.server"
        val bound = TransactionOptions().apply { isBindToScope = true }
        withContext(SentryContext(Sentry.forkedScopes("request"))) {
            val transaction = Sentry.startTransaction(incoming, bound)
            try {
                proceed()
            } finally {
                transaction.status = SpanStatus.fromHttpStatusCode(call.response.status()?.value ?: 200)
                transaction.finish()
            }
        }
    }
}
// endregion

// region client
suspend fun HttpClient.getTracedBySentry(url: String): HttpResponse {
    val span = Sentry.getSpan()?.startChild("http.client", "GET $url")
    try {
        return get(url) {
            span?.toSentryTrace()?.let { header(it.name, it.value) }
            span?.toBaggageHeader(null)?.let { header(it.name, it.value) }
        }
    } finally {
        span?.finish()
    }
}
// endregion

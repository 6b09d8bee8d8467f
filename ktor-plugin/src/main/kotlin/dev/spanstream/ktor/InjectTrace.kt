package dev.spanstream.ktor

import dev.spanstream.internal.Baggage
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.util.AttributeKey

private val Injected = AttributeKey<Unit>("dev.spanstream.Injected")

/**
 * Sets the headers of the trace; `baggage` keeps what others have put there. Without headers, those
 * that an earlier attempt got are taken back: a redirect may lead to a host that must not see them.
 */
internal fun HttpRequestBuilder.inject(trace: Map<String, String>) {
    if (trace.isEmpty() && !attributes.contains(Injected)) {
        return
    }
    attributes.put(Injected, Unit)
    setOrRemove("sentry-trace", trace["sentry-trace"])
    setOrRemove("traceparent", trace["traceparent"])
    val others = headers.getAll("baggage")?.joinToString(",")
    val ours = Baggage.parse(trace["baggage"].orEmpty())
    setOrRemove("baggage", Baggage.write(ours, others).ifEmpty { null })
}

private fun HttpRequestBuilder.setOrRemove(name: String, value: String?) {
    if (value == null) headers.remove(name) else headers[name] = value
}

package dev.spanstream.ktor

import dev.spanstream.internal.Baggage
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.util.AttributeKey

/** What an earlier attempt put into a request that this one was copied from. */
private val Injected = AttributeKey<Set<String>>("dev.spanstream.Injected")

/**
 * Sets the headers of the trace; `baggage` keeps what others have put there. Those that an earlier
 * attempt got and this one does not are taken back: a redirect may lead to a host that must not see
 * them. Headers of the same name that are not ours, such as the `traceparent` of another SDK, stay.
 */
internal fun HttpRequestBuilder.inject(trace: Map<String, String>) {
    val earlier = attributes.getOrNull(Injected).orEmpty()
    for (name in earlier - trace.keys) {
        if (name == "baggage") setBaggage("") else headers.remove(name)
    }
    for ((name, value) in trace) {
        if (name == "baggage") setBaggage(value) else headers[name] = value
    }
    if (earlier.isNotEmpty() || trace.isNotEmpty()) {
        attributes.put(Injected, trace.keys)
    }
}

private fun HttpRequestBuilder.setBaggage(ours: String) {
    val others = headers.getAll("baggage")?.joinToString(",")
    val merged = if (others == null) ours else Baggage.write(Baggage.parse(ours), others)
    if (merged.isEmpty()) headers.remove("baggage") else headers["baggage"] = merged
}

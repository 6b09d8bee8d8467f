package dev.spanstream.ktor

import dev.spanstream.Tracer

/** What [ClientTracing] may be told. Everything has a default. */
public class ClientTracingConfig internal constructor() {
    /** The tracer of the spans. Null, the default: the one of `initTracing`, whenever it is made. */
    public var tracer: Tracer? = null

    internal val headers: MutableSet<String> = mutableSetOf()

    /**
     * Writes down these headers of requests and responses, by the same rules and with the same default as
     * [ServerTracingConfig.captureHeaders].
     *
     * ```
     * HttpClient(CIO) { install(ClientTracing) { captureHeaders("X-Request-Id") } }
     * ```
     */
    public fun captureHeaders(vararg names: String) {
        names.mapTo(headers) { it.lowercase() }
    }
}

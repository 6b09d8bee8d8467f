package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.Tracer
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall

/**
 * What [ServerTracing] may be told. Everything has a default.
 *
 * ```
 * install(ServerTracing) {
 *     filter { call -> call.request.path() != "/health" }
 *     captureHeaders("Content-Type", "X-Request-Id")
 *     ignoreStatus { it == HttpStatusCode.NotFound }
 *     enrich { span, call -> span.setAttribute("tenant", call.request.host()) }
 * }
 * ```
 *
 * A function that throws counts as not given, for that request; the first time, a warning is logged.
 */
public class ServerTracingConfig internal constructor() {
    /**
     * The tracer of the service spans. Default: the one of `initTracing`, whenever it is made.
     *
     * ```
     * install(ServerTracing) { tracer = Tracer.create { it.setSink(sink) } } // in a test
     * ```
     */
    public var tracer: Tracer? = null

    internal var filter: (ApplicationCall) -> Boolean? = { null }
        private set
    internal var spanName: (ApplicationCall) -> String? = { null }
        private set
    internal var enrich: (Span, ApplicationCall) -> Unit = { _, _ -> }
        private set
    internal var ignoreStatus: (HttpStatusCode) -> Boolean? = { null }
        private set
    internal val headers: MutableSet<String> = mutableSetOf()

    /**
     * Which requests are traced: those for which [predicate] is true. Default: all.
     *
     * ```
     * filter { call -> !call.request.path().startsWith("/internal/") }
     * ```
     *
     * Of one that is not, nothing is recorded, neither its service span nor what happens under it; all
     * of that is counted as `ignored`. Services that it calls are told that their trace is not sampled.
     * A second call replaces the first.
     */
    public fun filter(predicate: (ApplicationCall) -> Boolean) {
        filter = predicate
    }

    /**
     * Names a service span; null leaves it the name that it has. Default: `METHOD /route/{template}`.
     *
     * ```
     * spanName { call -> call.request.header("SOAPAction")?.let { "SOAP $it" } }
     * ```
     *
     * Asked when the request comes, which is the name that samplers and ignore rules see, and once more
     * when its route is known, with the parameters of its path. Names are for grouping:
     *
     * ```
     * spanName { call -> "GET " + call.request.path() } // one name for each order, each user, each attack
     * ```
     */
    public fun spanName(name: (ApplicationCall) -> String?) {
        spanName = name
    }

    /**
     * Adds to a service span what is known when the call is done, just before the span ends. Called for
     * spans that are recorded only. Whatever it sets is sent, no rule for personal data applies to it.
     *
     * ```
     * enrich { span, call -> span.setAttribute("tenant", call.principal<Tenant>()?.name) }
     * ```
     */
    public fun enrich(block: (Span, ApplicationCall) -> Unit) {
        enrich = block
    }

    /**
     * Writes down these headers of requests and responses, in any case, as
     * `http.request.header.<name>` and `http.response.header.<name>`. Default: none without
     * [dev.spanstream.TracingOptions.setSendDefaultPii], and all with it.
     *
     * ```
     * captureHeaders("Content-Type", "X-Request-Id")
     * ```
     *
     * Some values are `[Filtered]` whoever asks for them: those of headers whose name sounds like a
     * secret (`Authorization`, `X-Api-Key`), and without `sendDefaultPii` those that sound like an
     * address (`X-Forwarded-For`). Cookies are written down with `sendDefaultPii` only.
     */
    public fun captureHeaders(vararg names: String) {
        names.mapTo(headers) { it.lowercase() }
    }

    /**
     * Which statuses from 400 on are no error of the span. Default: none, so that all of them are.
     *
     * ```
     * ignoreStatus { it == HttpStatusCode.NotFound }
     * ```
     *
     * It does not apply to an exception that leaves the call, which always is an error. To record nothing
     * at all of some requests, use [filter]: a span cannot be taken back once its children were sent.
     */
    public fun ignoreStatus(predicate: (HttpStatusCode) -> Boolean) {
        ignoreStatus = predicate
    }
}

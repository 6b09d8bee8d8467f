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
 * Functions are called in the trace context of the request, on the threads that serve it, many at once; they must not
 * block. One that throws counts as not given, for that request; the first time, a warning is logged. To give one anew
 * replaces it.
 */
public class ServerTracingConfig internal constructor() {
    /**
     * The tracer of the service spans. Null, the default: the one of `initTracing`, whenever it is made. In a test:
     *
     * ```
     * val tracer = Tracer.create { it.setSink(sink); it.tracesSampleRate = 1.0 }
     * install(ServerTracing) { this.tracer = tracer }
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
     * of that is counted as `ignored` (sdk/telemetry/client-reports). Services that it calls are told that their
     * trace is not sampled. Asked when the request comes; its route is not known then, unless the plugin is installed
     * in one.
     */
    public fun filter(predicate: (ApplicationCall) -> Boolean) {
        filter = predicate
    }

    /**
     * Names a service span; null leaves it the default, which is `METHOD /route/{template}`, or `METHOD` where no route
     * matches (`HTTP` if that is none of the usual methods).
     *
     * ```
     * spanName { call -> call.request.header("SOAPAction")?.let { "SOAP $it" } }
     * ```
     *
     * Asked when the request comes, which is the name that samplers and ignore rules see, and, if it is recorded, once
     * more when its route is known, with the parameters of its path: that answer counts then. Names are for grouping:
     *
     * ```
     * spanName { call -> "GET " + call.request.path() } // one name for each order, each user, each attack
     * ```
     */
    public fun spanName(name: (ApplicationCall) -> String?) {
        spanName = name
    }

    /**
     * Adds to a service span what is known when the call is done, just before the span ends; on some engines, a
     * WebSocket only begins then. Called for spans that are recorded only, and that the handler has not ended. Whatever
     * it sets is sent, no rule for personal data applies to it. Default: nothing.
     *
     * ```
     * enrich { span, call -> span.setAttribute("tenant", call.principal<Tenant>()?.name) }
     * ```
     */
    public fun enrich(block: (Span, ApplicationCall) -> Unit) {
        enrich = block
    }

    /**
     * Writes down these headers of requests and responses, in any case, as `http.request.header.<name>` and
     * `http.response.header.<name>`, each a list of up to 100 values (sdk/telemetry/spans, "Attribute Conventions").
     * Default: none without [dev.spanstream.TracingOptions.setSendDefaultPii], and all with it. Names of several calls
     * add up.
     *
     * ```
     * captureHeaders("Content-Type", "X-Request-Id")
     * ```
     *
     * Some values are `[Filtered]` whoever asks for them: those of headers whose name sounds like a
     * secret (`Authorization`, `X-Api-Key`), and without `sendDefaultPii` those that sound like an
     * address (`X-Forwarded-For`); see sdk/foundations/data-scrubbing. URLs lose credentials and fragment, and without
     * `sendDefaultPii` their query. Cookies are written down with `sendDefaultPii`, and only then, whether they are
     * named here or not; the headers of the trace never are.
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
     * at all of some requests, use [filter]: a span cannot be taken back once its children were sent. Asked for spans
     * that are recorded only.
     */
    public fun ignoreStatus(predicate: (HttpStatusCode) -> Boolean) {
        ignoreStatus = predicate
    }
}

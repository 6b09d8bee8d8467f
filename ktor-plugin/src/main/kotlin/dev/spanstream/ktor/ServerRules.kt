package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.Tracer
import dev.spanstream.Traces
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import org.slf4j.Logger
import java.util.concurrent.ConcurrentHashMap

/** What the configuration of one installation says of a call. The user's functions cannot do harm here. */
internal class ServerRules(private val config: ServerTracingConfig, private val log: Logger) {
    private val failed = ConcurrentHashMap.newKeySet<String>()

    val headers = CapturedHeaders(config.headers.toSet())

    /** The default one may be made after the installation. */
    val tracer: Tracer get() = config.tracer ?: Traces.tracer()

    fun admit(call: ApplicationCall): Boolean = guarded("filter") { config.filter(call) } ?: true

    fun nameOf(call: ApplicationCall): String? = guarded("spanName") { config.spanName(call) }

    fun enrich(span: Span, call: ApplicationCall): Unit = guarded("enrich") { config.enrich(span, call) } ?: Unit

    fun isError(status: HttpStatusCode): Boolean =
        status.value >= FIRST_ERROR && guarded("ignoreStatus") { config.ignoreStatus(status) } != true

    private inline fun <T> guarded(name: String, function: () -> T): T? =
        try {
            function()
        } catch (thrown: Throwable) {
            warn("$name of ServerTracing threw, and is taken as not given; said only once", thrown)
            null
        }

    /** Runs code of ours, whose failures are no business of the call's. */
    inline fun quietly(describe: () -> Unit) =
        try {
            describe()
        } catch (thrown: Throwable) {
            warn("A request could not be described in full; said only once", thrown)
        }

    fun warn(message: String, thrown: Throwable) {
        try {
            if (failed.add(message)) {
                log.warn(message, thrown)
            }
        } catch (_: Throwable) {
            // A logger of the application's may throw; there is nobody left to tell.
            return
        }
    }
}

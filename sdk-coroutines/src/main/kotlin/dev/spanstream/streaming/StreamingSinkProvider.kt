package dev.spanstream.streaming

import dev.spanstream.Dsn
import dev.spanstream.TracingOptions
import dev.spanstream.pipeline.CopyingSink
import dev.spanstream.pipeline.PipelineSettings
import dev.spanstream.pipeline.StreamingPipeline
import dev.spanstream.pipeline.closeAtExit
import dev.spanstream.sink.SpanSink
import dev.spanstream.sink.SpanSinkProvider
import dev.spanstream.transport.Endpoint
import dev.spanstream.transport.KtorEnvelopeTransport
import dev.spanstream.transport.javaHttpClient
import io.ktor.client.HttpClient
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import java.net.Proxy

/**
 * Makes the streaming pipeline for a tracer that has a DSN or a Spotlight URL (sdk/foundations/transport). Nobody has
 * to name it: [java.util.ServiceLoader] finds it. Name it to send with another engine of the Ktor client than the one
 * on top of the JDK's HTTP client:
 *
 * ```
 * initTracing {
 *     tracesSampleRate = 0.2
 *     sinkProvider = StreamingSinkProvider {
 *         HttpClient(OkHttp) { install(HttpTimeout) { connectTimeoutMillis = 5_000 } }
 *     }
 * }
 * ```
 *
 * The pipeline closes the client, so it must not be one that is used elsewhere:
 *
 * ```
 * sinkProvider = StreamingSinkProvider { shopClient } // closed with the tracer
 * ```
 *
 * A request is given up after 30 seconds, whatever the client, unless it blocks the thread that calls it. The default
 * client goes through the option `proxy`, and follows no redirect. For each destination the pipeline takes up to two
 * threads of `Dispatchers.IO` at a time, and the default client one more, beside the one of the JDK's client.
 *
 * @param httpClient makes the client for each destination, when it sends for the first time, in a thread of the
 *   pipeline. Proxies and redirects are then up to you. If it throws, that is a failed attempt (`network_error`), and
 *   the next one asks again. Null: the default
 */
public class StreamingSinkProvider(private val httpClient: (() -> HttpClient)?) : SpanSinkProvider {
    /** With the default client. */
    public constructor() : this(httpClient = null)

    /**
     * Makes a pipeline for [dsn], one for the option `spotlight`, or one that serves both; null if there is neither.
     * Sends nothing yet. A shutdown hook closes it if nobody did before.
     *
     * @throws IllegalArgumentException if the option `proxy` is a SOCKS proxy, whatever the client
     */
    override fun create(dsn: Dsn?, options: TracingOptions): SpanSink? {
        val proxy = options.proxy
        require(proxy?.type() != Proxy.Type.SOCKS) { "proxy must be an HTTP proxy: SOCKS is not supported." }

        val settings = PipelineSettings.of(options)
        val receiver = dsn?.let { stream(Endpoint.of(it), settings, options, proxy) }
        // Local, so not through the proxy.
        val spotlight = options.spotlight?.let { stream(Endpoint.ofSpotlight(it), settings.forCopy(), options, null) }
        return if (receiver != null && spotlight != null) CopyingSink(receiver, spotlight) else receiver ?: spotlight
    }

    private fun stream(
        endpoint: Endpoint,
        settings: PipelineSettings,
        options: TracingOptions,
        proxy: Proxy?,
    ): SpanSink {
        val transport = KtorEnvelopeTransport(endpoint, makeClient = httpClient ?: { javaHttpClient(proxy) })
        val pipeline = StreamingPipeline(endpoint, settings, transport, dispatcher(), clock = options.clock)
        closeAtExit(pipeline, options.shutdownTimeout)
        return pipeline
    }

    /**
     * A share of the threads that every application with coroutines has: they are daemons, so they
     * never keep a JVM alive; they end by themselves when idle, so nothing is left after close; and
     * an application that blocks all of its own share of `Dispatchers.IO` does not starve this one.
     * Two, so that encoding and compressing never take more than two processors.
     */
    private fun dispatcher(): CoroutineDispatcher = Dispatchers.IO.limitedParallelism(2, "spanstream")
}

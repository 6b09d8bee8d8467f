package dev.spanstream.pipeline

import dev.spanstream.Dsn
import dev.spanstream.TracingOptions
import dev.spanstream.sink.SpanSink
import dev.spanstream.sink.SpanSinkProvider
import dev.spanstream.transport.KtorEnvelopeTransport
import dev.spanstream.transport.javaHttpClient
import kotlinx.coroutines.Dispatchers
import java.net.Proxy

/**
 * Makes the streaming pipeline for a tracer that has a DSN; found by [java.util.ServiceLoader], not
 * meant to be called.
 */
public class StreamingSinkProvider : SpanSinkProvider {
    override fun create(dsn: Dsn?, options: TracingOptions): SpanSink? {
        if (dsn == null) return null

        val proxy = options.proxy
        require(proxy?.type() != Proxy.Type.SOCKS) { "proxy must be an HTTP proxy: SOCKS is not supported." }
        warnOfWhatIsMissing(options)

        val transport = KtorEnvelopeTransport(dsn) { javaHttpClient(proxy) }
        val pipeline =
            StreamingPipeline(dsn, PipelineSettings.of(options), transport, dispatcher(), clock = options.clock)
        closeAtExit(pipeline, options.shutdownTimeout)
        return pipeline
    }

    private fun warnOfWhatIsMissing(options: TracingOptions) {
        val spool = options.spoolDirectory
        if (spool != null) warn("spoolDirectory has no effect yet: spans that cannot be sent are dropped.")
        if (options.spotlight != null) warn("spotlight has no effect yet.")
    }

    private fun warn(message: String) = Log.log(System.Logger.Level.WARNING, message)

    /**
     * A share of the threads that every application with coroutines has: they are daemons, so they
     * never keep a JVM alive; they end by themselves when idle, so nothing is left after close; and
     * an application that blocks all of its own share of `Dispatchers.IO` does not starve this one.
     * Two, so that encoding and compressing never take more than two processors.
     */
    private fun dispatcher() = Dispatchers.IO.limitedParallelism(2, "spanstream")
}

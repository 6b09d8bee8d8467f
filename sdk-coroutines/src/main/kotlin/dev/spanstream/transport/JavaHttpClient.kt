package dev.spanstream.transport

import io.ktor.client.HttpClient
import io.ktor.client.engine.java.Java
import io.ktor.client.plugins.HttpTimeout
import kotlinx.coroutines.Dispatchers
import java.net.Proxy

/**
 * A Ktor client on top of the HTTP client that every JDK has, so that no engine comes along.
 *
 * It follows no redirect, since the headers have our key in them. What Ktor and the JDK do for a request runs in one
 * thread at a time, of those that every application with coroutines has: with all of them each step wakes another,
 * which costs more than the step. Not in the pipeline's share, since it looks up the address of the host, which blocks.
 *
 * @param proxy the proxy to go through, HTTP or none; this engine would take a SOCKS proxy for an
 *   HTTP one
 */
internal fun javaHttpClient(proxy: Proxy?): HttpClient =
    HttpClient(Java) {
        engine {
            this.proxy = proxy
            dispatcher = Dispatchers.IO.limitedParallelism(1, "spanstream-http")
        }
        install(HttpTimeout) {
            connectTimeoutMillis = KtorEnvelopeTransport.TIMEOUT.inWholeMilliseconds
        }
        expectSuccess = false
        followRedirects = false
    }

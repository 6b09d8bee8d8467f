package dev.spanstream.transport

import io.ktor.client.HttpClient
import io.ktor.client.engine.java.Java
import io.ktor.client.plugins.HttpTimeout
import java.net.Proxy
import kotlin.time.Duration.Companion.seconds

/**
 * A Ktor client on top of the HTTP client that every JDK has, so that no engine comes along.
 *
 * It follows no redirect, since the headers have our key in them.
 *
 * @param proxy the proxy to go through, HTTP or none; this engine would take a SOCKS proxy for an
 *   HTTP one
 */
internal fun javaHttpClient(proxy: Proxy?): HttpClient =
    HttpClient(Java) {
        engine {
            this.proxy = proxy
        }
        install(HttpTimeout) {
            connectTimeoutMillis = TIMEOUT.inWholeMilliseconds
            requestTimeoutMillis = TIMEOUT.inWholeMilliseconds
        }
        expectSuccess = false
        followRedirects = false
    }

private val TIMEOUT = 30.seconds

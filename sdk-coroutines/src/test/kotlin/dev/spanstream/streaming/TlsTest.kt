package dev.spanstream.streaming

import com.sun.net.httpserver.HttpsConfigurator
import com.sun.net.httpserver.HttpsServer
import dev.spanstream.Tracer
import dev.spanstream.sink.DropReason
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.java.Java
import java.net.InetAddress
import java.net.InetSocketAddress
import java.nio.file.Path
import java.security.KeyStore
import java.time.Duration
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory
import kotlin.io.path.inputStream

private const val PASSWORD = "password"

/** A key and a certificate for it, which only those trust who are told to. */
private fun certificate(directory: Path): KeyStore {
    val file = directory.resolve("keys")
    val keytool = listOf(
        System.getProperty("java.home") + "/bin/keytool",
        "-genkeypair",
        "-keyalg",
        "EC",
        "-alias",
        "receiver",
        "-dname",
        "CN=receiver",
        "-ext",
        "san=ip:127.0.0.1",
        "-storetype",
        "PKCS12",
        "-storepass",
        PASSWORD,
        "-keystore",
        "$file",
    )
    check(ProcessBuilder(keytool).inheritIO().start().waitFor() == 0)
    return KeyStore.getInstance("PKCS12").apply { file.inputStream().use { load(it, PASSWORD.toCharArray()) } }
}

private fun tlsOf(keys: KeyStore): SSLContext {
    val own = KeyManagerFactory.getInstance("PKIX").apply { init(keys, PASSWORD.toCharArray()) }
    val trusted = TrustManagerFactory.getInstance("PKIX").apply { init(keys) }
    return SSLContext.getInstance("TLS").apply { init(own.keyManagers, trusted.trustManagers, null) }
}

class TlsTest : StringSpec({
    "A receiver behind TLS gets nothing from who trusts it, or something from who does not" {
        val tls = tlsOf(certificate(tempdir().toPath()))
        val requests = AtomicInteger()
        val threads = Executors.newCachedThreadPool()
        val server = HttpsServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
        server.httpsConfigurator = HttpsConfigurator(tls)
        server.executor = threads
        server.createContext("/api/1/envelope/") { exchange ->
            exchange.requestBody.readAllBytes()
            requests.incrementAndGet()
            exchange.sendResponseHeaders(200, -1)
            exchange.close()
        }
        server.start()

        fun send(provider: StreamingSinkProvider): Tracer {
            val tracer = Tracer.create { options ->
                options.dsn = "https://key@127.0.0.1:${server.address.port}/1"
                options.tracesSampleRate = 1.0
                options.sinkProvider = provider
            }
            tracer.startSpan("over TLS").end()
            return tracer
        }
        val trusting = send(StreamingSinkProvider { HttpClient(Java) { engine { config { sslContext(tls) } } } })
        trusting.flush(Duration.ofSeconds(30)).shouldBeTrue()
        trusting.close()
        trusting.stats().sent() shouldBe 1

        val suspicious = send(StreamingSinkProvider())
        suspicious.close()
        suspicious.stats().dropped() shouldBe mapOf(DropReason.NETWORK_ERROR to 1L)
        requests.get() shouldBe 1
        server.stop(0)
        threads.shutdown()
    }
})

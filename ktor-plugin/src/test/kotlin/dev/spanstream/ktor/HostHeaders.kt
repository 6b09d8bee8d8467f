package dev.spanstream.ktor

import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.server.response.respondText

/** Under which address a request says that it asked. */
fun hostHeaders(server: SocketServer<*>) =
    stringSpec {
        val requests = RawRequests(server)

        "A Host header that Ktor cannot read broke the request" {
            val addresses = mapOf(
                "shop.example" to ("shop.example" to 80L),
                "shop.example:8443" to ("shop.example" to 8443L),
                "[::1]" to ("::1" to 80L),
                "[::1]:8080" to ("::1" to 8080L),
                "shop.example:http" to ("shop.example" to null),
                "shop.example:99999" to ("shop.example" to null),
            )
            for ((header, address) in addresses) {
                var status: String? = null
                val span =
                    requests.request(
                        "GET / HTTP/1.1\nHost: $header\n\n",
                        read = { status = it.readStatus() },
                    ) { it.respondText("") }
                status shouldBe "HTTP/1.1 200 OK"
                (span["server.address"] to span["server.port"]) shouldBe address
            }
        }

        "A request without a Host header did not say where it arrived" {
            val span = requests.request("GET / HTTP/1.0\n\n") { it.respondText("") }
            span["server.address"] shouldBe "127.0.0.1"
            span["network.protocol.version"] shouldBe "1.0"
        }

        "The secrets in the URL of a proxy request were written down" {
            val span =
                requests.request(
                    "GET http://user:secret@shop.example/x HTTP/1.1\nHost: shop.example\n\n",
                ) { it.respondText("") }
            span["url.path"].shouldBeNull()
        }
    }

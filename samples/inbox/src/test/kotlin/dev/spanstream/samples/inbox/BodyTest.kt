package dev.spanstream.samples.inbox

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.ktor.utils.io.ByteReadChannel
import java.io.ByteArrayOutputStream
import java.io.OutputStream
import java.util.zip.DeflaterOutputStream
import java.util.zip.GZIPOutputStream

class BodyTest : StringSpec({
    val plain = envelope(container(span()))

    fun packed(text: String, packer: (OutputStream) -> OutputStream): ByteArray {
        val bytes = ByteArrayOutputStream()
        packer(bytes).use { it.write(text.encodeToByteArray()) }
        return bytes.toByteArray()
    }

    val bodies = mapOf(
        "gzip" to packed(plain, ::GZIPOutputStream),
        "GZIP" to packed(plain, ::GZIPOutputStream),
        "deflate" to packed(plain, ::DeflaterOutputStream),
        "identity" to plain.encodeToByteArray(),
        "utf-8" to plain.encodeToByteArray(),
    )
    bodies.forEach { (encoding, body) ->
        "content encoding $encoding is read, and the body is kept unpacked" {
            Lab.run {
                post(body, auth, "Content-Encoding" to encoding).statusCode() shouldBe 200
                inbox.acceptedSpanCount() shouldBe 1
                inbox
                    .envelopes()
                    .single()
                    .body
                    .decodeToString() shouldBe plain
            }
        }
    }

    listOf("br", "zstd", "lz4", "gzip, gzip").forEach { encoding ->
        "content encoding $encoding is answered 400 and named" {
            Lab.run {
                val response = post(plain.encodeToByteArray(), auth, "Content-Encoding" to encoding)
                response.statusCode() shouldBe 400
                response.body() shouldContain "'$encoding'"
            }
        }
    }

    "a body that is not the gzip it claims to be is answered 400" {
        Lab.run {
            post(plain.encodeToByteArray(), auth, "Content-Encoding" to "gzip").statusCode() shouldBe 400
            val cut = packed(plain, ::GZIPOutputStream).let { it.copyOf(it.size / 2) }
            post(cut, auth, "Content-Encoding" to "gzip").statusCode() shouldBe 400
            post(plain).statusCode() shouldBe 200
        }
    }

    "a body above the limit is answered 413 in plain text, and the next request works" {
        Lab.run({ maxEnvelopeSize = 2_000 }) {
            val response = post(ByteArray(3_000_000), auth)
            response.statusCode() shouldBe 413
            response.headers().firstValue("Content-Type").get() shouldContain "text/plain"
            post(plain).statusCode() shouldBe 200
            inbox.envelopes().map { it.body.size } shouldBe listOf(0, plain.length)
        }
    }

    "a small body that unpacks beyond the limit is answered 413" {
        Lab.run({ maxEnvelopeSize = 2_000 }) {
            val bomb = packed(" ".repeat(10_000_000), ::GZIPOutputStream)
            post(bomb, auth, "Content-Encoding" to "gzip").statusCode() shouldBe 413
        }
    }

    "bodies that are held at a time are bounded together, and given back" {
        val reader = BodyReader(maxBytes = 100, maxHeldBytes = 150)
        val first = reader.read(null, ByteReadChannel(ByteArray(100)))
        shouldThrow<Refusal> { reader.read(null, ByteReadChannel(ByteArray(51))) }.answer.status shouldBe 503
        shouldThrow<Refusal> { reader.read("gzip", ByteReadChannel(ByteArray(50))) }.answer.status shouldBe 400
        reader.read(null, ByteReadChannel(ByteArray(50)))
        reader.release(first)
        reader.read(null, ByteReadChannel(ByteArray(100)))
    }

    "a body of exactly the limit is read" {
        Lab.run({ maxEnvelopeSize = plain.length }) { post(plain).statusCode() shouldBe 200 }
    }
})

package dev.spanstream.samples.batch

import dev.spanstream.coroutines.withSpan
import kotlinx.coroutines.delay
import java.security.MessageDigest
import java.util.HexFormat
import kotlin.time.Duration.Companion.milliseconds

/** Stands for a file that is read and a database that is written to; both take their time. */
internal class Catalogue {
    suspend fun read(ids: List<Int>): List<Product> =
        withSpan("read products") {
            delay(READING)
            ids.map(::productOf)
        }

    /** Every fiftieth product, from the seventh on, has no picture. */
    private fun productOf(id: Int): Product {
        val hasPicture = id % WITHOUT_PICTURE_EVERY != FIRST_WITHOUT_PICTURE
        return Product(id, if (hasPicture) ByteArray(PICTURE_BYTES) { id.toByte() } else null)
    }

    suspend fun convert(product: Product): Article =
        withSpan("convert product", mapOf("product.id" to product.id)) { span ->
            val picture = product.picture ?: throw MissingPicture(product) // An exception makes the span an error.
            span.setAttribute("picture.bytes", picture.size)
            Article(product.id, HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(picture)))
        }

    suspend fun write(articles: List<Article>): Unit =
        withSpan("write articles", mapOf("articles" to articles.size)) {
            delay(WRITING)
        }

    private companion object {
        val READING = 20.milliseconds
        val WRITING = 30.milliseconds
        const val PICTURE_BYTES = 65_536
        const val WITHOUT_PICTURE_EVERY = 50
        const val FIRST_WITHOUT_PICTURE = 7
    }
}

package dev.spanstream.samples.batch

import dev.spanstream.Span
import dev.spanstream.coroutines.launchWithNewTrace
import dev.spanstream.coroutines.withSpan
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.function.BooleanSupplier

/**
 * Imports products in chunks, some at a time.
 *
 * The job is one trace, and each chunk is another, which links to the job. In a single trace nobody would find
 * anything among thousands of products, and it would be sampled as a whole or not at all.
 */
internal class ImportJob(
    private val catalogue: Catalogue,
    private val onImported: (Int) -> Unit = {},
    private val stop: BooleanSupplier = BooleanSupplier { false },
) {
    private val atOnce = Semaphore(CHUNKS_AT_ONCE)
    private val converters = Dispatchers.Default.limitedParallelism(CONVERTERS)
    private val failures = ConcurrentLinkedQueue<MissingPicture>()

    /**
     * Imports the products 1 to [products], or those of the chunks that had begun when [stop] said so. Returns what was
     * wrong with those that could not be imported.
     */
    suspend fun run(products: Int): List<MissingPicture> {
        // The span of the job ends when every chunk is done: they are launched within it.
        withSpan("import products", mapOf("products" to products)) { job ->
            for (chunk in (1..products).chunked(CHUNK)) {
                launchWithNewTrace { atOnce.withPermit { if (!stop.asBoolean) importChunk(chunk, job) } }
            }
        }
        return failures.toList()
    }

    private suspend fun importChunk(ids: List<Int>, job: Span) {
        withSpan("import chunk", mapOf("chunk.first" to ids.first(), "chunk.products" to ids.size)) { span ->
            span.addLink(job)
            val articles = catalogue.read(ids).map { async(converters) { convertOrNull(it) } }.awaitAll()
            catalogue.write(articles.filterNotNull())
            span.setAttribute("chunk.failures", articles.count { it == null })
        }
        onImported(ids.size)
    }

    /** Outside of the span of the product, so that it has seen the exception; the chunk goes on without it. */
    private suspend fun convertOrNull(product: Product): Article? =
        try {
            catalogue.convert(product)
        } catch (failure: MissingPicture) {
            failures += failure
            null
        }

    private companion object {
        const val CHUNK = 10
        const val CHUNKS_AT_ONCE = 4
        const val CONVERTERS = 4
    }
}

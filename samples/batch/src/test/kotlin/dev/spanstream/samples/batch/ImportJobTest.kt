package dev.spanstream.samples.batch

import dev.spanstream.Tracer
import dev.spanstream.Traces
import dev.spanstream.samples.inbox.Inbox
import dev.spanstream.samples.inbox.ReceivedSpan
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger

class ImportJobTest :
    FunSpec({
        lateinit var inbox: Inbox
        lateinit var tracer: Tracer

        beforeTest {
            inbox = Inbox.start()
            tracer = init(inbox.dsn)
        }

        afterTest {
            Traces.close()
            inbox.close()
        }

        /** Runs as the sample does, and makes sure that Sentry would have nothing to say against it. */
        suspend fun import(products: Int, onImported: (Int) -> Unit = {}): List<MissingPicture> {
            val failures = ImportJob(Catalogue(), onImported).run(products)
            Traces.close()
            inbox.rejections().shouldBeEmpty()
            inbox.warnings().shouldBeEmpty()
            return failures
        }

        fun spans(name: String): List<ReceivedSpan> =
            inbox.traces().flatMap { trace -> trace.spans.filter { it.name == name } }

        test("one run is a trace for the job and one for each chunk, with what failed") {
            import(20)

            // Products are converted side by side, so their order is not known.
            inbox.traces().map { it.outline().lines().sorted() }.shouldContainExactlyInAnyOrder(
                listOf("✓ import products [catalogue]"),
                chunk(converted = 9, failed = 1),
                chunk(converted = 10, failed = 0),
            )
        }

        test("a product without picture is an error of its span, and of no other") {
            val failures = import(20)

            failures.map { it.message }.shouldContainExactly("product 7 has no picture")
            val failed = inbox.traces().flatMap { it.spans }.single { it.status == "error" }
            failed.name shouldBe "convert product"
            failed.attributes["product.id"] shouldBe 7L
            failed.attributes["error.type"] shouldBe MissingPicture::class.java.name
            spans("import chunk").associate { it.attributes["chunk.first"] to it.attributes["chunk.failures"] } shouldBe
                mapOf(1L to 1L, 11L to 0L)
        }

        test("every chunk links to the job") {
            import(30)

            val job = spans("import products").single()
            val chunks = spans("import chunk")
            chunks.size shouldBe 3
            for (chunk in chunks) {
                chunk.parentSpanId shouldBe null
                chunk.links.map { it.traceId to it.spanId }.shouldContainExactly(job.traceId to job.spanId)
            }
        }

        test("a job that is told to stop ends with the chunks that have begun") {
            val imported = AtomicInteger()
            ImportJob(Catalogue(), { imported.addAndGet(it) }, stop = { imported.get() > 0 }).run(1_000)
            Traces.close()

            tracer.stats().open() shouldBe 0
            spans("convert product").size shouldBe imported.get()
            imported.get() shouldBeLessThan 1_000
            spans("import products").size shouldBe 1
        }

        test("the job lasts until its last chunk is done") {
            val imported = AtomicInteger()
            val openAfterChunk = ConcurrentLinkedQueue<Long>()
            import(30) {
                openAfterChunk += tracer.stats().open()
                imported.addAndGet(it)
            }

            imported.get() shouldBe 30
            openAfterChunk.min() shouldBe 1 // That of the job.
        }

        test("two thousand products lose no span") {
            import(2_000)

            val stats = tracer.stats()
            stats.ended() shouldBe 1 + 200 * (1 + 1 + 10 + 1)
            stats.started() shouldBe stats.ended()
            stats.sent() shouldBe stats.ended()
            stats.dropped() shouldBe emptyMap()
            inbox.acceptedSpanCount() shouldBe stats.ended()
        }
    })

private fun chunk(converted: Int, failed: Int): List<String> =
    buildList {
        add("✓ import chunk [catalogue]")
        add("├─ ✓ read products")
        repeat(converted) { add("├─ ✓ convert product") }
        repeat(failed) { add("├─ ✗ convert product error") }
        add("└─ ✓ write articles")
    }.sorted()

package dev.spanstream.coroutines

import dev.spanstream.Traces
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext

/** Plain code on the stack of a coroutine is part of it; coroutines that such code starts know of nothing. */
internal class BlockingCodeTest :
    DispatcherSpec({
        everywhere("coroutines of runBlocking, while on its thread, see the span of the coroutine that blocks") {
            withSpan("outer") { outer ->
                runBlocking {
                    Traces.currentSpan() shouldBe outer
                    withSpan("inner") {
                        hop()
                        launch { withSpan("child of inner") { hop() } }
                    }
                    launch { withSpan("launched") { hop() } }
                    Traces.currentSpan() shouldBe outer
                }
                Traces.currentSpan() shouldBe outer
            }

            traces.parentOf("inner") shouldBe "outer"
            traces.parentOf("child of inner") shouldBe "inner"
            traces.parentOf("launched") shouldBe "outer"
        }

        // runBlocking gives its coroutines an empty context: it does not know that a coroutine calls.
        everywhere("coroutines of runBlocking on another thread see nothing, unless handed the trace context") {
            withSpan("outer") { outer ->
                runBlocking { withContext(Dispatchers.IO) { withSpan("lost") { hop() } } }
                runBlocking(Dispatchers.IO) { withSpan("lost as well") { hop() } }
                runBlocking(traceContext()) {
                    withContext(Dispatchers.IO) {
                        Traces.currentSpan() shouldBe outer
                        withSpan("carried") { hop() }
                    }
                }
            }

            traces.parentOf("lost") shouldBe null
            traces.parentOf("lost as well") shouldBe null
            traces.parentOf("carried") shouldBe "outer"
        }

        everywhere("what runBlocking does in a trace context of its own does not come back") {
            withSpan("outer") { outer ->
                runBlocking(traceContext()) {
                    Traces.startSpan("java").use { java ->
                        hop()
                        Traces.currentSpan() shouldBe java
                        launch { withSpan("launched") { hop() } }.join()
                    }
                }
                Traces.currentSpan() shouldBe outer
                withSpan("after") { hop() }
            }

            traces.parentOf("java") shouldBe "outer"
            traces.parentOf("launched") shouldBe "java"
            traces.parentOf("after") shouldBe "outer"
        }

        everywhere("plain functions called between suspensions are one coroutine with what calls them") {
            fun plain(name: String, body: () -> Unit) = Traces.run<RuntimeException>(name) { body() }
            withSpan("outer") { outer ->
                plain("first") { plain("nested") { } }
                hop()
                plain("second") { runBlocking { withSpan("suspending") { hop() } } }
                Traces.currentSpan() shouldBe outer
            }

            traces.parentOf("first") shouldBe "outer"
            traces.parentOf("nested") shouldBe "first"
            traces.parentOf("second") shouldBe "outer"
            traces.parentOf("suspending") shouldBe "second"
        }

        // The block of a sequence runs on the stack of its consumer, like any iterator.
        everywhere("a span that a sequence holds open over a yield is active in its consumer, until it ends") {
            withSpan("outer") { outer ->
                val numbers =
                    sequence {
                        Traces.startSpan("between items").use { }
                        Traces.startSpan("around items").use {
                            yield(1)
                            yieldAll(listOf(2, 3))
                        }
                    }
                for (number in numbers) {
                    Traces.currentSpan()?.name shouldBe "around items"
                    withSpan("consumer $number") { hop() }
                }
                Traces.currentSpan() shouldBe outer
            }

            traces.parentOf("between items") shouldBe "outer"
            traces.parentOf("around items") shouldBe "outer"
            (1..3).forEach { traces.parentOf("consumer $it") shouldBe "around items" }
        }

        everywhere("an iterator that two coroutines take turns with belongs to whoever asks for the next item") {
            val asked = iterator { while (true) yield(Traces.currentSpan()?.name) }
            withSpan("outer") {
                launch { withSpan("first") { asked.next() shouldBe "first" } }.join()
                launch { withSpan("second") { asked.next() shouldBe "second" } }.join()
                asked.next() shouldBe "outer"
            }
        }
    })

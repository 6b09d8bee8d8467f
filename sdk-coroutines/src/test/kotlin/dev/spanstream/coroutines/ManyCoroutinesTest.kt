package dev.spanstream.coroutines

import dev.spanstream.SpanStatus
import dev.spanstream.Traces
import dev.spanstream.sink.FinishedSpan
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import kotlin.random.Random

/** The name of each span is that of its parent and a part of its own, so that any mix-up shows. */
internal class ManyCoroutinesTest :
    DispatcherSpec({
        everywhere("10,000 coroutines that suspend, fail and are cancelled have the right parents") {
            withSpan("root") {
                repeat(COROUTINES) { number ->
                    val job = launch { work("root", number, Random(number)) }
                    if (number % 10 == 9) launch { job.cancel() }
                }
            }
            Traces.currentSpan() shouldBe null

            val byId = traces.sink.spans().associateBy { it.spanIdBits }
            traces.sink
                .spans()
                .filterNot { it.standsRight(byId) }
                .map { it.name }
                .shouldBeEmpty()
            traces.sink.spans().count { it.parentSpanId == null } shouldBe 1
            val untouched = (0 until COROUTINES).filter { it % 10 != 9 }
            val names = traces.sink
                .spans()
                .map { it.name }
                .toSet()
            (untouched.flatMap(::namesOf) - names).shouldBeEmpty()
            (names - "root" - (0 until COROUTINES).flatMap(::namesOf).toSet()).shouldBeEmpty()
            traces.sink.spans().count { it.status == SpanStatus.ERROR } shouldBe COROUTINES / 10
            traces.tracer.stats().started() shouldBe traces.sink.spans().size
            traces.tracer.stats().open() shouldBe 0
            // That no thread is left in the context of any of them is seen when the tracer is closed.
        }
    })

private const val COROUTINES = 10_000

private fun FinishedSpan.standsRight(byId: Map<Long, FinishedSpan>): Boolean =
    byId[parentSpanIdBits]?.name.orEmpty() == name.substringBeforeLast('/', "")

/** The spans of a coroutine that nobody cancels from outside. */
private fun namesOf(number: Int): List<String> {
    val name = "root/$number"
    val children = if (number % 10 == 7) List(3) { "$name/child$it" } else emptyList()
    return listOf(name, "$name/java", "$name/java/inner") + children
}

private suspend fun work(parent: String, number: Int, random: Random) {
    val name = "$parent/$number"
    try {
        withSpan(name) {
            pause(random)
            Traces.startSpan("$name/java").use {
                pause(random)
                withSpan("$name/java/inner") { pause(random) }
            }
            when (number % 10) {
                3 -> error("fails on purpose")
                5 -> throw CancellationException("is cancelled on purpose")
                7 -> fanOut(name, random)
            }
        }
    } catch (cancelled: CancellationException) {
        throw cancelled
    } catch (_: IllegalStateException) {
        pause(random)
    }
}

private suspend fun fanOut(parent: String, random: Random) =
    coroutineScope {
        repeat(3) { launch { withSpan("$parent/child$it") { pause(Random(random.nextInt())) } } }
    }

private suspend fun pause(random: Random) {
    when (random.nextInt(4)) {
        0 -> yield()
        1 -> withContext(Dispatchers.IO) { }
        2 -> withContext(Dispatchers.Default) { yield() }
    }
}

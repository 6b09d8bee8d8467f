package dev.spanstream.pipeline

import dev.spanstream.envelope.FakeSpan
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe

private const val CEILING = 100

/** A mailbox whose callers find that their stack ends in it, where and when the test wants. */
private class SteepMailbox :
    Mailbox(Budget(CEILING, Long.MAX_VALUE), lost = { error("Nobody is cancelled") }) {
    var overflowsInPost = false
    var overflowsInAlarm = false

    override fun post(chunk: Chunk): Boolean = if (overflowsInPost) throw StackOverflowError() else super.post(chunk)

    override fun alarmIfTight() = if (overflowsInAlarm) throw StackOverflowError() else super.alarmIfTight()
}

private fun Mailbox.fetchAll() = generateSequence {
    chunks.tryReceive().getOrNull()
}.flatMap { it.fetch().filterNotNull() }.toList()

class ChunkTest : StringSpec({
    "A span that cannot be posted is kept, or takes those along that end after it" {
        val mailbox = SteepMailbox()
        val chunk = Chunk(mailbox)
        mailbox.overflowsInPost = true
        shouldThrow<StackOverflowError> { chunk.add(FakeSpan(id = 1)) }
        mailbox.overflowsInPost = false
        val later = List(3) { FakeSpan(id = 2L + it) }
        later.forEach { chunk.add(it).shouldBeTrue() }

        mailbox.fetchAll().shouldContainExactly(later)
        mailbox.budget.reserve(CEILING) shouldBe CEILING - later.size
    }

    "Places that were taken when nothing could be kept in them are not given back" {
        val mailbox = SteepMailbox()
        mailbox.overflowsInAlarm = true
        repeat(CEILING * 2) { shouldThrow<StackOverflowError> { Chunk(mailbox).add(FakeSpan()) } }
        mailbox.budget.reserve(CEILING) shouldBe CEILING
    }

    "A span that cannot be kept takes those along that are in the same chunk" {
        val mailbox = SteepMailbox()
        val chunk = Chunk(mailbox)
        val first = FakeSpan(id = 1)
        chunk.add(first).shouldBeTrue()
        mailbox.overflowsInAlarm = true
        shouldThrow<StackOverflowError> { chunk.add(FakeSpan(id = 2)) }
        mailbox.overflowsInAlarm = false
        val last = FakeSpan(id = 3)
        chunk.add(last).shouldBeTrue()

        mailbox.fetchAll().shouldContainExactly(first, last)
        mailbox.budget.reserve(CEILING) shouldBe CEILING - 2
    }
})

package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason
import dev.spanstream.transport.Answer
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import java.io.IOException
import java.nio.file.Path
import java.time.Duration
import java.time.InstantSource
import java.util.Locale
import kotlin.io.path.name
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import kotlin.io.path.writeText
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

// One long file because it is the life of a file, from a failure to its delivery.

private val NO_ANSWER = Answer.None(IOException("refused"))

class SpoolTest : StringSpec({
    fun directory(): Path = tempdir().toPath()

    fun with(directory: Path) = settings.copy(spoolDirectory = directory)

    "What the network refuses twice is not on disk, or not sent when it is back" {
        val directory = directory()
        lab(with(directory)) {
            receiver.answer = { NO_ANSWER }
            end(10, name = "late")
            pass(8.seconds)
            accounts(sent = 0, spooled = 10)
            directory.spoolFiles() shouldHaveSize 1
            receiver.answer = { Lab.OK }
            pass(1.minutes)
            accounts(sent = 10)
            receiver.names.last() shouldBe List(10) { "late" }
            directory.spoolFiles().shouldBeEmpty()
        }
    }

    "A receiver that fails is not spared its spans until it works" {
        val directory = directory()
        lab(with(directory)) {
            receiver.answer = { Answer.Status(503) }
            end(10)
            pass(20.minutes)
            accounts(sent = 0, spooled = 10)
            receiver.answer = { Lab.OK }
            pass(1.minutes)
            accounts(sent = 10)
        }
    }

    "A batch that gets through does not bring the spool to be sent at once" {
        lab(with(directory())) {
            receiver.answer = { NO_ANSWER }
            end(10, name = "late")
            pass(8.seconds)
            receiver.answer = { Lab.OK }
            end(10, name = "new")
            pass(6.seconds)
            accounts(sent = 20)
        }
    }

    "What is left at close is lost" {
        val directory = directory()
        lab(with(directory)) {
            receiver.answer = { NO_ANSWER }
            end(1_500, name = "encoded")
            pass(6.seconds)
            end(3, name = "in a bucket")
            pass(1.seconds)
            end(2, name = "in the mailbox")
            pipeline.awaitClose(0.seconds)
            accounts(sent = 0, spooled = 1_505)
        }
        lab(with(directory)) {
            pass(10.seconds)
            receiver.names.flatten() shouldHaveSize 1_505
            accounts(sent = 0)
            directory.spoolFiles().shouldBeEmpty()
        }
    }

    "Batches for which no sender was free until the time was up are lost, or not kept in their order" {
        val directory = directory()
        val one = with(directory).copy(senders = 1)
        lab(one) {
            receiver.answer = { awaitCancellation() }
            repeat(10) { end(1, name = "$it") }
            pass(1.seconds)
            pipeline.awaitClose(2.seconds)
            accounts(sent = 0, spooled = 10)
        }
        lab(one) {
            pass(1.minutes)
            // The first was on its way to the receiver, and may be written before the others or after them.
            receiver.names.flatten() - "0" shouldBe List(9) { "${it + 1}" }
        }
    }

    "Two pipelines send the same file" {
        val directory = directory()
        lab(with(directory)) {
            receiver.answer = { NO_ANSWER }
            repeat(20) { end(1) }
            pipeline.awaitClose(0.seconds)
        }
        lab(with(directory)) {
            val other = another()
            pass(1.minutes)
            receiver.names.flatten().size + other.receiver.names
                .flatten()
                .size shouldBe 20
            other.pipeline.awaitClose(0.seconds)
        }
    }

    "A file that was left unfinished, or is damaged, stops the others or is sent" {
        val directory = directory()
        lab(with(directory)) {
            receiver.answer = { NO_ANSWER }
            end(10)
            end(10)
            pipeline.awaitClose(0.seconds)
        }
        val (first, second) = directory.spoolFiles()
        first.writeBytes(first.readBytes().dropLast(1).toByteArray())
        second.resolveSibling("${second.name}.part").writeBytes(second.readBytes().take(50).toByteArray())
        second.resolveSibling("somebody else's").writeText("not ours")
        lab(with(directory)) {
            pass(1.minutes)
            receiver.names.flatten() shouldHaveSize 10
            directory.spoolFiles().shouldBeEmpty()
        }
    }

    "Spans that are too old are sent, or not counted" {
        val directory = directory()
        lab(with(directory)) {
            receiver.answer = { NO_ANSWER }
            end(10)
            pass(8.seconds)
            clock = InstantSource { Lab.START + Duration.ofDays(8) }
            pass(1.minutes)
            accounts(sent = 0, DropReason.CACHE_OVERFLOW to 10)
            directory.spoolFiles().shouldBeEmpty()
        }
    }

    "A limit is met, and the spool is sent all the same" {
        val directory = directory()
        lab(with(directory)) {
            receiver.answer = { NO_ANSWER }
            end(10)
            pass(8.seconds)
            receiver.answer = { Answer.Status(200, rateLimits = "600:span:key") }
            end(1, name = "limited")
            pass(9.minutes)
            accounts(sent = 1, spooled = 10)
            receiver.answer = { Lab.OK }
            pass(2.minutes)
            accounts(sent = 11)
        }
    }

    "A file that is too large for the receiver blocks the spool" {
        val directory = directory()
        lab(with(directory)) {
            receiver.answer = { NO_ANSWER }
            end(5)
            pass(8.seconds)
            receiver.answer = { if (it.spans.size > 2) Answer.Status(413) else Lab.OK }
            pass(5.minutes)
            accounts(sent = 5)
        }
    }

    "A receiver that fails over one file does not get the others, or gets that one for ever" {
        val directory = directory()
        lab(with(directory)) {
            receiver.answer = { NO_ANSWER }
            end(1, name = "poison")
            pass(8.seconds)
            end(5, name = "fine")
            pass(8.seconds)
            receiver.answer = { if ("poison" in it.names) Answer.Status(500) else Lab.OK }
            pass(1.minutes)
            accounts(sent = 5, spooled = 1)
            pass(10.minutes)
            accounts(sent = 5, spooled = 1)
            repeat(10) {
                end(1, name = "others")
                pass(1.minutes)
            }
            accounts(sent = 15, DropReason.SEND_ERROR to 1)
            directory.spoolFiles().shouldBeEmpty()
        }
    }

    "The half of a file that got through is sent again, or counted twice" {
        val directory = directory()
        lab(with(directory)) {
            receiver.answer = { NO_ANSWER }
            end(4)
            pass(8.seconds)
            var halves = 0
            receiver.answer = { arrival ->
                when {
                    arrival.spans.size > 2 -> Answer.Status(413)
                    arrival.spans.isEmpty() || halves++ == 0 -> Lab.OK
                    else -> NO_ANSWER
                }
            }
            pass(1.minutes)
            accounts(sent = 2, spooled = 2)
            receiver.answer = { Lab.OK }
            pass(1.minutes)
            accounts(sent = 4)
        }
    }

    "Files of a process whose numbers have digits of their own are never found again" {
        val locale = Locale.getDefault()
        Locale.setDefault(Locale.forLanguageTag("ar-EG"))
        try {
            lab(with(directory())) {
                receiver.answer = { NO_ANSWER }
                end(10)
                pass(8.seconds)
                receiver.answer = { Lab.OK }
                pass(1.minutes)
                accounts(sent = 10)
            }
        } finally {
            Locale.setDefault(locale)
        }
    }

    "A close does not wait for the file that is being sent" {
        val directory = directory()
        lab(with(directory)) {
            receiver.answer = { NO_ANSWER }
            end(10)
            pass(8.seconds)
            receiver.answer = {
                delay(1.seconds)
                Lab.OK
            }
            pass(31.seconds)
            pipeline.awaitClose(10.seconds)
            accounts(sent = 10)
            directory.spoolFiles().shouldBeEmpty()
        }
    }

    "A spool that cannot be written to throws, or spans are not counted" {
        val occupied = directory().resolve("a file").also { it.writeText("") }
        lab(with(occupied)) {
            receiver.answer = { NO_ANSWER }
            end(10)
            pipeline.awaitClose(100.milliseconds)
            accounts(sent = 0, DropReason.NETWORK_ERROR to 10)
        }
    }
})

package dev.spanstream.samples.inbox

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.time.Instant
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/**
 * Not a test but a measurement: sends envelopes to an inbox at a rate, and prints each second how many were accepted.
 * Arguments: the page's URL, envelopes a second, seconds. Every envelope is a trace of its own with ten spans, unless a
 * fourth argument says `one`: then all are of one trace.
 */
fun main(args: Array<String>) = runBlocking(Dispatchers.IO) {
    val url = URI("${args[0]}api/1/envelope/?sentry_key=$KEY")
    val rate = args[1].toInt()
    val seconds = args[2].toInt()
    val isOneTrace = args.getOrNull(3) == "one"
    val client = HttpClient.newHttpClient()
    val accepted = AtomicInteger()
    val other = AtomicInteger()
    val begin = TimeSource.Monotonic.markNow()
    repeat(seconds) { second ->
        coroutineScope {
            repeat(SENDERS) { sender ->
                launch {
                    for (number in sender until rate step SENDERS) {
                        val due: Duration = second.seconds + (number * 1_000 / rate).milliseconds
                        delay(due - begin.elapsedNow())
                        val body = envelopeOfTen(second * rate + number, isOneTrace)
                        val request = HttpRequest
                            .newBuilder(url)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build()
                        val status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode()
                        (if (status == 200) accepted else other).incrementAndGet()
                    }
                }
            }
        }
        println("${begin.elapsedNow().inWholeMilliseconds} ms: $accepted accepted, $other refused")
    }
}

private const val SENDERS = 16

private fun envelopeOfTen(number: Int, isOneTrace: Boolean): String {
    val trace = (if (isOneTrace) 1 else number + 1).toString(16).padStart(32, '0')
    val now = Instant.now().epochSecond
    val spans = (1..10).map { i ->
        numbered(
            number * 10 + i,
            "trace_id" to "\"$trace\"",
            "is_segment" to "${i == 1}",
            "start_timestamp" to "$now.000001",
            "end_timestamp" to "$now.500001",
        )
    }
    return envelope(container(*spans.toTypedArray()), 10, DSC.replace(TRACE, trace))
}

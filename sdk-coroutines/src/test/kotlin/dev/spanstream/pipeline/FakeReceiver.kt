package dev.spanstream.pipeline

import dev.spanstream.envelope.Envelope
import dev.spanstream.transport.Answer
import dev.spanstream.transport.EnvelopeTransport
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import java.io.ByteArrayOutputStream
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicBoolean

/** An envelope as it arrived, taken apart by the rules of the protocol and not by the code under test. */
internal class Arrival(val text: String) {
    private val lines = text.lines()
    val header: JsonObject = Json.parseToJsonElement(lines.first()).jsonObject
    private val items = lines.drop(1).filter(String::isNotEmpty).chunked(2).associate { (head, payload) ->
        val type = Json
            .parseToJsonElement(head)
            .jsonObject
            .getValue("type")
            .jsonPrimitive.content
        type to Json.parseToJsonElement(payload).jsonObject
    }

    val spans: List<JsonObject> =
        items["span"]
            ?.getValue("items")
            ?.jsonArray
            ?.map { it.jsonObject }
            .orEmpty()
    val names: List<String> get() = spans.map { it.getValue("name").jsonPrimitive.content }
    val sentAt: String get() = header.getValue("sent_at").jsonPrimitive.content

    /** Reason to spans; empty if there is no report. */
    val report: Map<String, Long> =
        items["client_report"]?.getValue("discarded_events")?.jsonArray.orEmpty().associate {
            val event = it.jsonObject
            event.getValue("reason").jsonPrimitive.content to event.getValue("quantity").jsonPrimitive.long
        }
}

/** A receiver without a network: what came, and what it answers. */
internal class FakeReceiver(
    @Volatile var answer: suspend (Arrival) -> Answer = { Answer.Status(200) },
) : EnvelopeTransport {
    private val closed = AtomicBoolean()
    val arrivals = CopyOnWriteArrayList<Arrival>()
    val isClosed: Boolean get() = closed.get()

    /** How many spans came in each envelope with spans, in the order of arrival. */
    val sizes: List<Int> get() = arrivals.map { it.spans.size }.filter { it > 0 }
    val names: List<List<String>> get() = arrivals.map { it.names }.filter { it.isNotEmpty() }

    override suspend fun send(envelope: Envelope): Answer {
        check(!isClosed) { "Sent after close" }
        val arrival = Arrival(ByteArrayOutputStream().also(envelope::writeTo).toString(Charsets.UTF_8))
        arrivals += arrival
        return answer(arrival)
    }

    override fun close() = closed.set(true)
}

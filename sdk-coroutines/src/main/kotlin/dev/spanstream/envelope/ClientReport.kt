package dev.spanstream.envelope

import dev.spanstream.sink.DropReason
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.buildClassSerialDescriptor
import kotlinx.serialization.descriptors.listSerialDescriptor
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.encoding.encodeCollection
import kotlinx.serialization.encoding.encodeStructure

/**
 * How many spans were dropped, and why (sdk/telemetry/client-reports).
 *
 * With one entry for each [DropReason] at most it stays far below the 4 KiB that receivers allow.
 */
internal class ClientReport(val timestampSeconds: Long, val discarded: Map<DropReason, Long>)

internal object ClientReportSerializer : SerializationStrategy<ClientReport> {
    override val descriptor: SerialDescriptor =
        buildClassSerialDescriptor("dev.spanstream.ClientReport") {
            element("timestamp", Long.serializer().descriptor)
            element("discarded_events", DiscardedSerializer.descriptor)
        }

    override fun serialize(encoder: Encoder, value: ClientReport) {
        encoder.encodeStructure(descriptor) {
            encodeLongElement(descriptor, 0, value.timestampSeconds)
            encodeSerializableElement(descriptor, 1, DiscardedSerializer, value.discarded)
        }
    }
}

private object DiscardedSerializer : SerializationStrategy<Map<DropReason, Long>> {
    override val descriptor: SerialDescriptor = listSerialDescriptor(EntrySerializer.descriptor)

    override fun serialize(encoder: Encoder, value: Map<DropReason, Long>) {
        encoder.encodeCollection(descriptor, value.size) {
            value.entries.forEachIndexed { index, entry ->
                encodeSerializableElement(descriptor, index, EntrySerializer, entry)
            }
        }
    }
}

private object EntrySerializer : SerializationStrategy<Map.Entry<DropReason, Long>> {
    override val descriptor: SerialDescriptor =
        buildClassSerialDescriptor("dev.spanstream.DiscardedSpans") {
            element("reason", String.serializer().descriptor)
            element("category", String.serializer().descriptor)
            element("quantity", Long.serializer().descriptor)
        }

    override fun serialize(encoder: Encoder, value: Map.Entry<DropReason, Long>) {
        encoder.encodeStructure(descriptor) {
            encodeStringElement(descriptor, 0, value.key.wireName())
            encodeStringElement(descriptor, 1, "span")
            encodeLongElement(descriptor, 2, value.value)
        }
    }
}

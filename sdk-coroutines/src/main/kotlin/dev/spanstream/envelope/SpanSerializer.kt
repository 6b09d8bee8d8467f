@file:OptIn(ExperimentalSerializationApi::class)

package dev.spanstream.envelope

import dev.spanstream.SpanLink
import dev.spanstream.sink.FinishedSpan
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.buildClassSerialDescriptor
import kotlinx.serialization.descriptors.listSerialDescriptor
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.encoding.encodeCollection
import kotlinx.serialization.encoding.encodeStructure

/**
 * Writes one span as the protocol wants it (sdk/telemetry/spans, "Span Properties"), field by field
 * in the order of the specification, so that equal spans give equal bytes.
 *
 * Written by hand rather than generated: a [FinishedSpan] is a view that another module implements,
 * and its attributes are read straight from the span's storage.
 */
internal object SpanSerializer : SerializationStrategy<FinishedSpan> {
    override val descriptor: SerialDescriptor =
        buildClassSerialDescriptor("dev.spanstream.Span") {
            element("trace_id", String.serializer().descriptor)
            element("span_id", String.serializer().descriptor)
            element("parent_span_id", String.serializer().descriptor, isOptional = true)
            element("name", String.serializer().descriptor)
            element("status", String.serializer().descriptor)
            element("is_segment", Boolean.serializer().descriptor)
            element("start_timestamp", EpochMicros.descriptor)
            element("end_timestamp", EpochMicros.descriptor)
            element("attributes", AttributesSerializer.descriptor)
            element("links", LinksSerializer.descriptor, isOptional = true)
        }

    override fun serialize(encoder: Encoder, value: FinishedSpan) {
        encoder.encodeStructure(descriptor) {
            encodeStringElement(descriptor, 0, value.traceId)
            encodeStringElement(descriptor, 1, value.spanId)
            value.parentSpanId?.let { encodeStringElement(descriptor, 2, it) }
            encodeStringElement(descriptor, 3, value.name)
            encodeStringElement(descriptor, 4, value.status.wireName())
            encodeBooleanElement(descriptor, 5, value.isServiceSpan)
            encodeSerializableElement(descriptor, 6, EpochMicros, value.startMicros)
            encodeSerializableElement(descriptor, 7, EpochMicros, value.endMicros)
            encodeSerializableElement(descriptor, 8, AttributesSerializer, Attributes(value::forEachAttribute))
            val links = value.links
            if (links.isNotEmpty()) encodeSerializableElement(descriptor, 9, LinksSerializer, links)
        }
    }
}

private object LinksSerializer : SerializationStrategy<List<SpanLink>> {
    override val descriptor: SerialDescriptor = listSerialDescriptor(LinkSerializer.descriptor)

    override fun serialize(encoder: Encoder, value: List<SpanLink>) {
        encoder.encodeCollection(descriptor, value.size) {
            value.forEachIndexed { index, link ->
                encodeSerializableElement(descriptor, index, LinkSerializer, link)
            }
        }
    }
}

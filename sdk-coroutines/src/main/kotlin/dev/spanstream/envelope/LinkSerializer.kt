package dev.spanstream.envelope

import dev.spanstream.SpanLink
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.buildClassSerialDescriptor
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.encoding.encodeStructure

/** Writes a link to another span; what is unknown or empty is left out. */
internal object LinkSerializer : SerializationStrategy<SpanLink> {
    override val descriptor: SerialDescriptor =
        buildClassSerialDescriptor("dev.spanstream.SpanLink") {
            element("trace_id", String.serializer().descriptor)
            element("span_id", String.serializer().descriptor)
            element("sampled", Boolean.serializer().descriptor, isOptional = true)
            element("attributes", AttributesSerializer.descriptor, isOptional = true)
        }

    override fun serialize(encoder: Encoder, value: SpanLink) {
        encoder.encodeStructure(descriptor) {
            encodeStringElement(descriptor, 0, value.traceId)
            encodeStringElement(descriptor, 1, value.spanId)
            value.sampled?.let { encodeBooleanElement(descriptor, 2, it) }
            if (value.attributes.isNotEmpty()) {
                encodeSerializableElement(descriptor, 3, AttributesSerializer, Attributes(value.attributes::forEach))
            }
        }
    }
}

package dev.spanstream.envelope

import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.buildClassSerialDescriptor
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.encoding.encodeStructure

/**
 * The line before the payload of an item. The receiver throws away a whole container of spans
 * whose `item_count` is wrong or missing, and takes one without the right content type for
 * something else.
 */
internal sealed class ItemHeader(val type: String, val length: Int) {
    class Spans(val count: Int, length: Int) : ItemHeader("span", length)

    class Report(length: Int) : ItemHeader("client_report", length)
}

internal object ItemHeaderSerializer : SerializationStrategy<ItemHeader> {
    override val descriptor: SerialDescriptor =
        buildClassSerialDescriptor("dev.spanstream.ItemHeader") {
            element("type", String.serializer().descriptor)
            element("item_count", Int.serializer().descriptor, isOptional = true)
            element("content_type", String.serializer().descriptor, isOptional = true)
            element("length", Int.serializer().descriptor)
        }

    override fun serialize(encoder: Encoder, value: ItemHeader) {
        encoder.encodeStructure(descriptor) {
            encodeStringElement(descriptor, 0, value.type)
            if (value is ItemHeader.Spans) {
                encodeIntElement(descriptor, 1, value.count)
                encodeStringElement(descriptor, 2, SPAN_CONTAINER)
            }
            encodeIntElement(descriptor, 3, value.length)
        }
    }

    private const val SPAN_CONTAINER = "application/vnd.sentry.items.span.v2+json"
}

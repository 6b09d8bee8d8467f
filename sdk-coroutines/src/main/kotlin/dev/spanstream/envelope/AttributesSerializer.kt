@file:OptIn(ExperimentalSerializationApi::class)

package dev.spanstream.envelope

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.mapSerialDescriptor
import kotlinx.serialization.encoding.CompositeEncoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.encoding.encodeCollection
import java.util.function.BiConsumer

/**
 * Something that shows its attributes one after the other, each key once: the `forEach` of a map,
 * or a span's [dev.spanstream.sink.FinishedSpan.forEachAttribute].
 */
internal fun interface Attributes {
    fun forEach(action: BiConsumer<String, Any>)
}

/** Writes attributes as a JSON object while they are being shown, without collecting them first. */
internal object AttributesSerializer : SerializationStrategy<Attributes> {
    override val descriptor: SerialDescriptor =
        mapSerialDescriptor(String.serializer().descriptor, AttributeSerializer.descriptor)

    override fun serialize(encoder: Encoder, value: Attributes) {
        encoder.encodeCollection(descriptor, collectionSize = 0) { value.forEach(Writer(this)) }
    }

    /** A map is encoded as key, value, key, value …, each at its own index. */
    private class Writer(private val map: CompositeEncoder) : BiConsumer<String, Any> {
        private var index = 0

        override fun accept(key: String, value: Any) {
            map.encodeStringElement(descriptor, index++, key)
            map.encodeSerializableElement(descriptor, index++, AttributeSerializer, value)
        }
    }
}

@file:OptIn(ExperimentalSerializationApi::class)

package dev.spanstream.envelope

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.InternalSerializationApi
import kotlinx.serialization.SerializationException
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.SerialKind
import kotlinx.serialization.descriptors.buildClassSerialDescriptor
import kotlinx.serialization.descriptors.buildSerialDescriptor
import kotlinx.serialization.descriptors.listSerialDescriptor
import kotlinx.serialization.encoding.CompositeEncoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.encoding.encodeCollection
import kotlinx.serialization.encoding.encodeStructure

/**
 * Writes one attribute value with its type, `{"type":"integer","value":42}`.
 *
 * Takes the kinds that [dev.spanstream.sink.FinishedSpan.forEachAttribute] promises; for any other
 * it throws, which costs the span, not the batch.
 */
internal object AttributeSerializer : SerializationStrategy<Any> {
    override val descriptor: SerialDescriptor =
        buildClassSerialDescriptor("dev.spanstream.Attribute") {
            element("type", String.serializer().descriptor)
            element("value", AnyValue)
        }

    override fun serialize(encoder: Encoder, value: Any) {
        encoder.encodeStructure(descriptor) {
            encodeStringElement(descriptor, TYPE, typeOf(value))
            encodeValue(descriptor, VALUE, value)
        }
    }

    private fun typeOf(value: Any): String =
        when (value) {
            is String -> "string"
            is Boolean -> "boolean"
            is Long -> "integer"
            is Double -> "double"
            is List<*> -> "array"
            else -> throw SerializationException("Not an attribute value: ${value.javaClass.name}")
        }

    private const val TYPE = 0
    private const val VALUE = 1
}

/** The elements of an attribute whose type is `array`. */
private object ArraySerializer : SerializationStrategy<List<*>> {
    override val descriptor: SerialDescriptor = listSerialDescriptor(AnyValue)

    override fun serialize(encoder: Encoder, value: List<*>) {
        encoder.encodeCollection(descriptor, value.size) {
            value.forEachIndexed { index, element -> encodeValue(descriptor, index, element) }
        }
    }
}

private fun CompositeEncoder.encodeValue(descriptor: SerialDescriptor, index: Int, value: Any?) {
    when (value) {
        is String -> encodeStringElement(descriptor, index, value)
        is Boolean -> encodeBooleanElement(descriptor, index, value)
        is Long -> encodeLongElement(descriptor, index, value)
        is Double -> encodeDoubleElement(descriptor, index, value)
        is List<*> -> encodeSerializableElement(descriptor, index, ArraySerializer, value)
        else -> throw SerializationException("Not an attribute value: ${value?.javaClass?.name}")
    }
}

/** Stands for whichever kind a value has; the JSON encoder asks no more of a descriptor than names. */
@OptIn(InternalSerializationApi::class)
private val AnyValue: SerialDescriptor =
    buildSerialDescriptor("dev.spanstream.AttributeValue", SerialKind.CONTEXTUAL)

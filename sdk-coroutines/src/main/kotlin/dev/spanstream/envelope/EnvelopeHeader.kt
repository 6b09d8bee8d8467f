package dev.spanstream.envelope

import dev.spanstream.internal.SdkInfo
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.builtins.MapSerializer
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.buildClassSerialDescriptor
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.encoding.encodeStructure
import java.time.Instant
import java.time.format.DateTimeFormatter
import java.time.format.DateTimeFormatterBuilder

/**
 * The first line of an envelope (sdk/foundations/envelopes).
 *
 * @property sentAt when this attempt is made: the receiver corrects our clock by it, so that every
 *   attempt needs a header of its own
 * @property dsn where it goes, without the secret key; null if the receiver needs none
 * @property trace the dynamic sampling context of the spans; null if the envelope carries none
 */
internal class EnvelopeHeader(val sentAt: Instant, val dsn: String?, val trace: Map<String, String>?)

internal object EnvelopeHeaderSerializer : SerializationStrategy<EnvelopeHeader> {
    private val strings = MapSerializer(String.serializer(), String.serializer())

    // Insertion-ordered, unlike Map.of: the bytes must not change from run to run.
    private val sdk = linkedMapOf("name" to SdkInfo.NAME, "version" to SdkInfo.VERSION)

    override val descriptor: SerialDescriptor =
        buildClassSerialDescriptor("dev.spanstream.EnvelopeHeader") {
            element("sent_at", String.serializer().descriptor)
            element("dsn", String.serializer().descriptor, isOptional = true)
            element("sdk", strings.descriptor)
            element("trace", strings.descriptor, isOptional = true)
        }

    override fun serialize(encoder: Encoder, value: EnvelopeHeader) {
        encoder.encodeStructure(descriptor) {
            encodeStringElement(descriptor, 0, RFC_3339.format(value.sentAt))
            value.dsn?.let { encodeStringElement(descriptor, 1, it) }
            encodeSerializableElement(descriptor, 2, strings, sdk)
            value.trace?.let { encodeSerializableElement(descriptor, 3, strings, it) }
        }
    }

    // Always three decimals; Instant.toString leaves out those that are zero.
    private val RFC_3339: DateTimeFormatter =
        DateTimeFormatterBuilder().appendInstant(3).toFormatter()
}

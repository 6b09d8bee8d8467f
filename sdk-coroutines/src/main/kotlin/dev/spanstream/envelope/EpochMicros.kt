@file:OptIn(ExperimentalSerializationApi::class)

package dev.spanstream.envelope

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.json.JsonEncoder
import kotlinx.serialization.json.JsonUnquotedLiteral
import kotlin.math.absoluteValue

/**
 * Writes microseconds since 1970 as seconds with six decimals: `1790000000.130112`.
 *
 * Never by way of a `Double`, which resolves a quarter of a microsecond at today's date and prints
 * as `1.790000000130112E9`. The literal is written as it stands; no tree is built for it.
 */
internal object EpochMicros : SerializationStrategy<Long> {
    override val descriptor: SerialDescriptor =
        PrimitiveSerialDescriptor("dev.spanstream.EpochMicros", PrimitiveKind.DOUBLE)

    override fun serialize(encoder: Encoder, value: Long) {
        (encoder as JsonEncoder).encodeJsonElement(JsonUnquotedLiteral(print(value)))
    }

    private fun print(micros: Long): String =
        buildString(MAX_LENGTH) {
            if (micros < 0) append('-')
            append((micros / PER_SECOND).absoluteValue)
            append('.')
            val fraction = (micros % PER_SECOND).absoluteValue.toString()
            repeat(DECIMALS - fraction.length) { append('0') }
            append(fraction)
        }

    private const val PER_SECOND = 1_000_000L
    private const val DECIMALS = 6
    private const val MAX_LENGTH = 21
}

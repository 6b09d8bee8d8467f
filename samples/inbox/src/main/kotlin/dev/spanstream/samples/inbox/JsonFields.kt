package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull

/** The string, or null if this is anything else. */
internal val JsonElement?.stringOrNull: String?
    get() = (this as? JsonPrimitive)?.takeIf { it.isString }?.content

/** The text of the number as it was sent, or null if this is anything else. */
internal val JsonElement?.numberOrNull: String?
    get() = (this as? JsonPrimitive)?.takeIf { !it.isString && it !is JsonNull && it.booleanOrNull == null }?.content

/** The boolean, or null if this is anything else; the string `"true"` is something else. */
internal val JsonElement?.trueOrFalse: Boolean?
    get() = (this as? JsonPrimitive)?.takeIf { !it.isString }?.booleanOrNull

/** Absent and `null` mean the same to Relay in most places. */
internal val JsonElement?.isAbsent: Boolean
    get() = this == null || this is JsonNull

/** A whole number from zero to [max], or null if this is anything else. */
internal fun JsonElement?.unsignedOrNull(max: Long): Long? =
    numberOrNull?.takeIf(StrictJsonNumber::isInteger)?.toLongOrNull()?.takeIf { it in 0..max }

internal const val MAX_U16 = 0xFFFFL
internal const val MAX_U32 = 0xFFFF_FFFFL

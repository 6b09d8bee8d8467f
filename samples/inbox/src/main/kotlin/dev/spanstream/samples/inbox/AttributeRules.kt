package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Attribute values. One that does not fit its type costs the attribute, never the span: Relay sets it to null, the inbox
 * leaves it out and warns.
 */
internal object AttributeRules {
    /** The plain values of [attributes]; [where] names the span in warnings. */
    fun plain(attributes: JsonElement?, where: String, findings: Findings): Map<String, Any> {
        if (attributes.isAbsent) return emptyMap()
        if (attributes !is JsonObject) {
            findings.warn("$where: attributes is not an object, Relay sets it to null")
            return emptyMap()
        }
        return buildMap(attributes.size) {
            for ((key, attribute) in attributes) {
                val value = value(attribute)
                if (value != null) put(key, value) else findings.warn("$where: ${problem(key, attribute)}")
            }
        }
    }

    private fun problem(key: String, attribute: JsonElement): String {
        val incomplete = attribute is JsonObject && (attribute["type"].isAbsent || attribute["value"].isAbsent)
        val reason = if (incomplete) "missing_attribute" else "invalid_data"
        return "attribute '${key.printable()}' becomes null ($reason): ${attribute.toString().printable()}"
    }

    private fun value(attribute: JsonElement): Any? {
        val value = (attribute as? JsonObject)?.get("value") ?: return null
        return when (attribute["type"].stringOrNull) {
            "string" -> value.stringOrNull
            "boolean" -> value.trueOrFalse
            "integer" -> integer(value)
            "double" -> value.numberOrNull?.toDouble()
            "array" -> (value as? JsonArray)?.let(::array)
            else -> null
        }
    }

    private fun integer(value: JsonElement): Long? =
        value.numberOrNull?.takeIf(StrictJsonNumber::isInteger)?.toLongOrNull()

    /** One kind of primitives; whole numbers and fractions are one kind, and nulls may stand between. */
    private fun array(array: JsonArray): List<Any?>? {
        val elements = array.map { it as? JsonPrimitive ?: return null }
        val present = elements.filter { it !is JsonNull }
        return when {
            present.all { it.isString } -> elements.map { it.stringOrNull }
            present.all { it.trueOrFalse != null } -> elements.map { it.trueOrFalse }
            present.all { integer(it) != null } -> elements.map(::integer)
            present.all { it.numberOrNull != null } -> elements.map { it.numberOrNull?.toDouble() }
            else -> null
        }
    }
}

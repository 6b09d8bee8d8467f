package dev.spanstream.envelope

/**
 * The types of attributes that the protocol knows.
 *
 * @param wireName the name that it gives them
 */
internal enum class AttributeType(wireName: String) {
    STRING("string"),
    BOOLEAN("boolean"),
    INTEGER("integer"),
    DOUBLE("double"),
    ARRAY("array"),
    ;

    /** What stands between the key and the value. */
    val head: ByteArray = """:{"type":"$wireName","value":""".encodeToByteArray()

    companion object {
        /** @throws IllegalArgumentException if it is of a kind that the protocol does not know */
        fun of(value: Any): AttributeType =
            when (value) {
                is String -> STRING
                is Long -> INTEGER
                is Boolean -> BOOLEAN
                is Double -> DOUBLE
                is List<*> -> ARRAY
                else -> throw IllegalArgumentException("Not an attribute value: ${value.javaClass.name}")
            }
    }
}

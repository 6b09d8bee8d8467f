package dev.spanstream.envelope

/**
 * What stands before the value of an attribute, `"http.route":{"type":"string","value":`, kept for the next span:
 * an application has a few dozen keys, and each of its spans a dozen of them.
 *
 * Thread-safe without a lock: whoever does not see what another thread has kept makes it again.
 */
internal class AttributeHeads {
    private val kept = arrayOfNulls<Head>(SLOTS)

    fun of(key: String, type: AttributeType): ByteArray {
        val slot = (key.hashCode() * 31 + type.ordinal).let { it xor (it ushr 16) } and (SLOTS - 1)
        val head = kept[slot]
        if (head != null && head.type == type && head.key == key) return head.json
        return encode(key, type).also { if (key.length <= LONGEST) kept[slot] = Head(key, type, it) }
    }

    private fun encode(key: String, type: AttributeType): ByteArray {
        val json = JsonBytes(capacity = key.length)
        json.text(key)
        json.raw(""":{"type":"${type.wireName}","value":""".encodeToByteArray())
        return json.array().copyOf(json.size)
    }

    /** Its fields are final, so that a thread that sees it sees all of it. */
    private class Head(val key: String, val type: AttributeType, val json: ByteArray)

    private companion object {
        /** A power of two. A key that finds its slot taken takes it. */
        const val SLOTS = 512

        /** In characters, so that all slots together hold little, whatever the keys. */
        const val LONGEST = 64
    }
}

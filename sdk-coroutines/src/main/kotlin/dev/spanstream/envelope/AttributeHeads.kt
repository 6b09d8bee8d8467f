package dev.spanstream.envelope

/**
 * Writes what stands before the value of an attribute, `"http.route":{"type":"string","value":`, and keeps it for the
 * next span: an application has a few dozen keys, and each of its spans a dozen of them.
 *
 * Thread-safe without a lock: whoever does not see what another thread has kept writes it anew. It holds 320 kB
 * at most.
 */
internal class AttributeHeads {
    private val kept = arrayOfNulls<Head>(SLOTS)

    fun write(json: JsonBytes, key: String, type: AttributeType) {
        val slot = (key.hashCode() * 31 + type.ordinal).let { it xor (it ushr 16) } and (SLOTS - 1)
        // Two that want the same slot would else drive each other out in every span.
        val head = find(slot, key, type) ?: find(slot xor 1, key, type)
        if (head != null) return json.raw(head.json)
        val from = json.size
        json.text(key)
        json.raw(type.head)
        if (key.length <= LONGEST) {
            kept[if (kept[slot] == null) slot else slot xor 1] = Head(key, type, json.copyFrom(from))
        }
    }

    private fun find(slot: Int, key: String, type: AttributeType): Head? =
        kept[slot]?.takeIf { it.type == type && it.key == key }

    /** Its fields are final, so that a thread that sees it sees all of it. */
    private class Head(val key: String, val type: AttributeType, val json: ByteArray)

    private companion object {
        /** A power of two. */
        const val SLOTS = 512

        /** In characters. Nobody has many longer ones, but who makes keys up. */
        const val LONGEST = 64
    }
}

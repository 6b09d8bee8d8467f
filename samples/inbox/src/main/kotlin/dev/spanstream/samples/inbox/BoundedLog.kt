package dev.spanstream.samples.inbox

/**
 * Keeps the newest entries, up to a number and a sum of weights; the newest one stays whatever it weighs.
 * Not safe for use from several threads.
 */
internal class BoundedLog<T>(
    private val maxEntries: Int,
    private val maxWeight: Long = Long.MAX_VALUE,
    private val weigh: (T) -> Long = { 0 },
) {
    private val entries = ArrayDeque<T>()
    private var weight = 0L

    fun add(entry: T) {
        entries += entry
        weight += weigh(entry)
        while (entries.size > maxEntries || (weight > maxWeight && entries.size > 1)) {
            weight -= weigh(entries.removeFirst())
        }
    }

    fun toList(): List<T> = entries.toList()

    fun clear() {
        entries.clear()
        weight = 0
    }
}

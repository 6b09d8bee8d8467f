package dev.spanstream.pipeline

import dev.spanstream.sink.FinishedSpan

/**
 * The ended spans of one local tree that the batcher has not fetched yet; it hangs on the tree, so
 * that an ending span finds it without a look-up.
 *
 * Its lock is held for a handful of steps, by threads that end spans of the same tree, and by the
 * batcher once a tick. Posting happens under it as well: if it did not, a second thread could add a
 * span, return, and flush, before the first one has posted the chunk, and the flush would miss it.
 */
internal class Chunk(val mailbox: Mailbox) {
    private var spans: Array<FinishedSpan?> = EMPTY
    private var size = 0
    private var places = 0

    /**
     * Keeps the span for the batcher; false if there is no place for it, or no batcher any more.
     *
     * Where it throws (the stack of the thread that ended the span may be at its end), the span is not
     * kept, and its tracer counts it. A chunk with something in it is always posted.
     */
    @Synchronized
    fun add(span: FinishedSpan): Boolean {
        val posted = size > 0
        var kept = false
        try {
            kept = append(span) && (posted || mailbox.post(this))
        } finally {
            if (!kept && !posted) clear()
        }
        return kept
    }

    private fun append(span: FinishedSpan): Boolean {
        if (size == places && !takePlaces()) return false
        if (size == spans.size) spans = spans.copyOf(maxOf(FIRST_CAPACITY, size * 2))
        spans[size++] = span
        return true
    }

    /** Hands over what there is, in the order in which it ended, up to the first null; the next span posts it again. */
    @Synchronized
    fun fetch(): Array<FinishedSpan?> {
        val fetched = spans
        mailbox.budget.giveBack(places - size)
        spans = EMPTY
        size = 0
        places = 0
        return fetched
    }

    /**
     * Takes a quarter more places than are full, up to sixteen: few steps on a counter that all threads
     * share, and few places held idle.
     */
    private fun takePlaces(): Boolean {
        val granted = mailbox.budget.reserve(minOf(1 + size / 4, MOST_PLACES))
        places += granted
        // A span for which there is no place gives the batcher nothing to do.
        if (granted > 0) mailbox.alarmIfTight()
        return granted > 0
    }

    private fun clear() {
        spans = EMPTY
        size = 0
        mailbox.budget.giveBack(places)
        places = 0
    }

    private companion object {
        const val FIRST_CAPACITY = 2
        val EMPTY = emptyArray<FinishedSpan?>()
        const val MOST_PLACES = 16
    }
}

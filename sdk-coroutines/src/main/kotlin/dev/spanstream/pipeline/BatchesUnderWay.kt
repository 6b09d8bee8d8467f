package dev.spanstream.pipeline

/**
 * The batches that have not been answered yet, which a flush has to wait for and a close has
 * to count. The answered ones, of which it is not told, are swept out now and then. Thread-safe.
 */
internal class BatchesUnderWay {
    private val batches = ArrayList<Batch>()
    private var sweepAt = FIRST_SWEEP

    @Synchronized
    fun add(batch: Batch) {
        if (batches.size >= sweepAt) {
            batches.removeAll(Batch::isDone)
            // Twice what is left, so that sweeping stays cheap per batch even if none is answered.
            sweepAt = maxOf(FIRST_SWEEP, batches.size * 2)
        }
        batches += batch
    }

    @Synchronized
    fun list(): List<Batch> = batches.filterNot(Batch::isDone)

    private companion object {
        const val FIRST_SWEEP = 64
    }
}

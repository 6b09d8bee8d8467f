package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason

/** Sends a part from the spool, in halves if it must be. */
internal class SpoolDelivery(part: Part, private val post: Post) {
    /** What has not been answered for good. */
    val left: ArrayDeque<Part> = ArrayDeque(listOf(part))

    /** The answers, and to how many spans each. */
    val outcomes: MutableList<Pair<Verdict, Int>> = mutableListOf()

    /** The failure that leaves something, if one does. */
    suspend fun run(): DropReason? {
        while (left.isNotEmpty()) {
            val part = left.first()
            when (val verdict = judge(post.send(part.spans, part.trace), part.spans.count)) {
                is Verdict.TryAgain -> {
                    return verdict.failure
                }

                Verdict.TooLarge -> {
                    left.removeFirst()
                    left.addAll(0, part.halves())
                }

                else -> {
                    left.removeFirst()
                    outcomes += verdict to part.spans.count
                }
            }
        }
        return null
    }
}

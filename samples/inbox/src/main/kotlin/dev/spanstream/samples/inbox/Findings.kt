package dev.spanstream.samples.inbox

/** Collects what the rules find in one envelope; bounded, so that a million broken spans cost no memory. */
internal class Findings {
    private val foundRejections = mutableListOf<Rejection>()
    private val foundWarnings = mutableListOf<String>()
    private val furtherRejections = LinkedHashMap<String, Long>()

    val rejections: List<Rejection>
        get() = foundRejections + furtherRejections.map { (reason, quantity) ->
            Rejection(reason, "span", quantity, "further spans of the same envelope")
        }

    val warnings: List<String> get() = foundWarnings

    fun reject(rejection: Rejection) {
        if (foundRejections.size < MAX_FINDINGS) {
            foundRejections += rejection
        } else {
            furtherRejections.merge(rejection.reason, rejection.quantity, Long::plus)
        }
    }

    fun warn(warning: String) {
        if (foundWarnings.size < MAX_FINDINGS) foundWarnings += warning
    }

    private companion object {
        const val MAX_FINDINGS = 1_000
    }
}

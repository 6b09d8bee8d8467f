package dev.spanstream.samples.inbox

/**
 * Something that was sent and is lost.
 *
 * @property reason Relay's reason, such as `invalid_json`, `missing_dsc`, `timestamp`; for a request that was not
 *   answered with success it is `http_` and the status
 * @property category what is counted: `span`, or `request` for a refused request
 * @property quantity how many of the category are lost
 * @property detail the cause in words, with the offending value
 * @property field the field that is wrong, if it is one field
 * @property traceId the trace of the lost span, if it is known
 * @property spanId the lost span, if it is one span and its id is readable
 */
public data class Rejection(
    public val reason: String,
    public val category: String,
    public val quantity: Long,
    public val detail: String,
    public val field: String? = null,
    public val traceId: String? = null,
    public val spanId: String? = null,
) {
    override fun toString(): String {
        val where = listOfNotNull(traceId?.let { "trace $it" }, spanId?.let { "span $it" })
        val place = if (where.isEmpty()) "" else where.joinToString(", ", " (", ")")
        return "$reason: $quantity $category lost: $detail$place"
    }
}

package dev.spanstream.samples.inbox

/** A row of the waterfall as the page shows it; [level] is 1 for a root, [notes] are such as `late`. */
data class ShownSpan(
    val level: Long,
    val name: String,
    val isError: Boolean = false,
    val notes: List<String> = emptyList(),
) {
    companion object {
        const val SCRIPT: String =
            "return [...document.querySelectorAll('.span-row:not([hidden])')].map((row) => ({" +
                "level: row.ariaLevel, name: row.querySelector('.name').textContent," +
                "isError: row.querySelector('.mark').textContent !== ''," +
                "notes: [...row.querySelectorAll('.badge')].map((badge) => badge.textContent)}))"

        fun of(row: Map<*, *>): ShownSpan = ShownSpan(
            row["level"].toString().toLong(),
            row["name"].toString(),
            row["isError"] == true,
            (row["notes"] as List<*>).map { it.toString() },
        )
    }
}

package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonElement

/** A JSON [value], the offset of the first byte behind it, and the keys that some object in it holds twice. */
internal class ParsedJson(
    val value: JsonElement,
    val end: Int,
    val repeatedKeys: List<RepeatedKey>,
)

/** A [key] that stands twice in one object; the outermost object has [depth] 1. The last value wins. */
internal data class RepeatedKey(
    val key: String,
    val depth: Int,
)

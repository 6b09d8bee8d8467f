package dev.spanstream.samples.inbox

/** The bytes are not JSON as Relay understands it. */
internal class NotJson(
    problem: String,
    offset: Int,
) : Exception("$problem at byte $offset")

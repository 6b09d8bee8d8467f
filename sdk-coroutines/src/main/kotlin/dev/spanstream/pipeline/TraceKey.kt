package dev.spanstream.pipeline

/** A trace id as it was drawn. */
internal data class TraceKey(val high: Long, val low: Long)

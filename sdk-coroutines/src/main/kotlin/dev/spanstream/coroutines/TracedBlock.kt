package dev.spanstream.coroutines

import dev.spanstream.Span
import kotlinx.coroutines.CoroutineScope

/**
 * A suspending function that makes one span of each call of [block], of the tracer that is the default then; see
 * [withSpan] (sdk/telemetry/spans, "Starting Spans"). It may be called many times, also at once.
 *
 * ```
 * val refresh = traced("refresh prices") { span -> prices.load() } // nothing runs yet
 *
 * refresh() // one span
 * refresh() // another one
 * ```
 */
public fun <T> traced(
    name: String,
    block: suspend CoroutineScope.(Span) -> T,
): suspend () -> T = { withSpan(name, block = block) }

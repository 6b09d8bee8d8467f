package dev.spanstream.coroutines

import dev.spanstream.Span
import kotlinx.coroutines.CoroutineScope

/**
 * A suspending function that makes one span of each call of [block]; see [withSpan].
 *
 * ```
 * val refresh = traced("refresh prices") { span -> prices.load() }
 *
 * refresh() // one span
 * refresh() // another one
 * ```
 */
public fun <T> traced(
    name: String,
    block: suspend CoroutineScope.(Span) -> T,
): suspend () -> T = { withSpan(name, block = block) }

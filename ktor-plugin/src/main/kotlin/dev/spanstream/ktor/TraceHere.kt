package dev.spanstream.ktor

import dev.spanstream.internal.ContextDoor
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.util.AttributeKey

private val Origin = AttributeKey<ContextDoor.Handle>("dev.spanstream.Origin")

/**
 * Makes the spans of this request children of the span that is active here and now, wherever Ktor sends it
 * from. By default they are children of what is active there, which is the same for most requests. But
 * `client.sse` sends its request from a coroutine of the client, which does not know its caller:
 *
 * ```
 * client.sse("http://shop.example/prices", { traceHere() }) { incoming.collect { … } }
 * ```
 */
public fun HttpRequestBuilder.traceHere() {
    attributes.put(Origin, door.fork(door.current()))
}

/** What [traceHere] has kept. */
internal val HttpRequestBuilder.origin: ContextDoor.Handle? get() = attributes.getOrNull(Origin)

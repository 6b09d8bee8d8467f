package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.coroutines.internal.InternalTracingApi
import dev.spanstream.coroutines.internal.currentTraceContext
import dev.spanstream.coroutines.traceContext
import dev.spanstream.internal.ContextDoor
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.util.AttributeKey
import kotlinx.coroutines.currentCoroutineContext

private val Caller = AttributeKey<ContextDoor.Handle>("dev.spanstream.Caller")

/**
 * Makes the spans of this request children of what is active here, wherever Ktor sends it from.
 *
 * Two functions of Ktor, `sse` and `webSocketSession`, send the request in a coroutine of the client's own,
 * which knows nothing of the caller's: without this there is no span, and a new trace is sent along.
 *
 * ```
 * client.sse("http://shop.example/prices", { traceFromHere() }) { incoming.collect { show(it) } }
 * val session = client.webSocketSession("ws://shop.example/chat") { traceFromHere() }
 * ```
 *
 * Everything else (`get`, `prepareGet`, `webSocket` and so on) sends it where it is called, and needs no such
 * word. The last call counts; without [ClientTracing] it has no effect.
 */
public fun HttpRequestBuilder.traceFromHere() {
    attributes.put(Caller, door.fork(door.current()))
}

/** The trace context of whoever makes this request, to be used by the attempt that asks only. */
@OptIn(InternalTracingApi::class)
internal suspend fun HttpRequestBuilder.caller(tracer: Tracer): ContextDoor.Handle {
    val said = attributes.getOrNull(Caller)
    return when {
        said != null -> door.fork(said)
        currentCoroutineContext()[Element] != null -> currentTraceContext()
        else -> tracer.contextOfThread()
    }
}

/**
 * What a coroutine without a trace context of its own takes over from the thread that happens to run it: a
 * span that is active there, or a trace that somebody has put there. Otherwise it begins a trace, for that
 * of the thread is left from strangers.
 */
private fun Tracer.contextOfThread(): ContextDoor.Handle {
    val ofThread = door.current()
    val isOfCaller = door.activeSpan(this, ofThread) != null || door.wasGivenTrace(ofThread)
    return if (isOfCaller) door.fork(ofThread) else door.isolated()
}

private val Element = traceContext().key

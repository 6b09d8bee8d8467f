@file:OptIn(InternalTracingApi::class)

package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.coroutines.internal.InternalTracingApi
import dev.spanstream.coroutines.internal.TracedContinuation
import dev.spanstream.internal.ContextDoor
import io.ktor.util.AttributeKey
import kotlin.coroutines.Continuation

/** A call from the start to the end of its service span. */
internal abstract class TracedCall(caller: Continuation<Unit>, isolated: ContextDoor.Handle, val span: Span) :
    TracedContinuation(caller, isolated) {
    companion object {
        val Key: AttributeKey<TracedCall> = AttributeKey("dev.spanstream.TracedCall")
    }
}

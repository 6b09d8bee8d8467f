@file:OptIn(InternalTracingApi::class)

package dev.spanstream.ktor

import dev.spanstream.Span
import dev.spanstream.coroutines.internal.InternalTracingApi
import dev.spanstream.internal.ContextDoor
import kotlin.coroutines.Continuation

/** A call whose service span records nothing, so it keeps next to nothing. */
internal class UnrecordedCall(caller: Continuation<Unit>, isolated: ContextDoor.Handle, span: Span) :
    TracedCall(caller, isolated, span) {
    override fun done(failure: Throwable?): Unit = door.end(handle, span, failure)
}

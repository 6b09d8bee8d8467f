package dev.spanstream.coroutines

import kotlinx.coroutines.ThreadContextElement
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext

/**
 * Tells the listener (the MDC) once more what is active, after every other element has set up the
 * thread: one that sets the whole MDC when the coroutine resumes must not have the last word.
 *
 * Elements take effect in the order in which they were added, and [withSpan] adds this one anew.
 */
internal object ListenerElement :
    AbstractCoroutineContextElement(Key),
    ThreadContextElement<Unit> {
    private object Key : CoroutineContext.Key<ListenerElement>

    override fun updateThreadContext(context: CoroutineContext): Unit = door.tellListener()

    override fun restoreThreadContext(context: CoroutineContext, oldState: Unit): Unit = Unit
}

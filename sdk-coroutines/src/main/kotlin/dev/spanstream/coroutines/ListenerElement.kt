package dev.spanstream.coroutines

import kotlinx.coroutines.ThreadContextElement
import kotlinx.coroutines.isActive
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

/** What every coroutine with a trace context needs of it: nothing if nobody listens. */
internal fun listener(): CoroutineContext = if (door.hasListener()) ListenerElement else EmptyCoroutineContext

/**
 * Whether a span has to add it anew, because another element may have had the last word since. Only then,
 * for a plain flow must not change its context while it emits.
 */
internal fun CoroutineContext.needsListener(): Boolean =
    door.hasListener() && isActive && fold(false) { found, element -> found || element.isForeign() }

private fun CoroutineContext.Element.isForeign() =
    this is ThreadContextElement<*> && this !is TraceContextElement && this !is ListenerElement

/**
 * Tells the listener (the MDC) once more what is active, after every other element has set up the
 * thread: one that sets the whole MDC when the coroutine resumes must not have the last word.
 *
 * Elements take effect in the order in which they were added, and [withSpan] adds this one anew if there are others.
 */
internal object ListenerElement :
    AbstractCoroutineContextElement(Key),
    ThreadContextElement<Unit> {
    private object Key : CoroutineContext.Key<ListenerElement>

    override fun updateThreadContext(context: CoroutineContext): Unit = door.tellListener()

    override fun restoreThreadContext(context: CoroutineContext, oldState: Unit): Unit = Unit
}

package dev.spanstream.coroutines.internal

import dev.spanstream.coroutines.TraceContextElement
import dev.spanstream.coroutines.door
import dev.spanstream.coroutines.listener
import dev.spanstream.internal.ContextDoor
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

/**
 * Runs code with a trace context of its own within the coroutine that is there already.
 *
 * `withContext` would do as well, but it makes a coroutine: one that waits for what the code launched, is
 * cancelled by what fails there, and costs more than everything else that an unsampled request does. An
 * instrumentation should leave all of that as it finds it.
 *
 * @param caller goes on when the code is done
 * @param handle the trace context, which is this continuation's own
 */
@InternalTracingApi
public abstract class TracedContinuation(
    private val caller: Continuation<Unit>,
    handle: ContextDoor.Handle,
) : Continuation<Unit>,
    CoroutineStackFrame {
    final override val context: CoroutineContext =
        caller.context.with(TraceContextElement.retiring(handle)) + listener()

    private val element: TraceContextElement get() = context[TraceContextElement]!!

    /** The trace context in which the code runs. */
    protected val handle: ContextDoor.Handle get() = element.handle

    override val callerFrame: CoroutineStackFrame? get() = caller as? CoroutineStackFrame

    override fun getStackTraceElement(): StackTraceElement? = null

    /**
     * Runs [block] until it is done, or suspends; returns what a suspending function returns then, and throws what it
     * throws. To be called once.
     *
     * @param block a reference to a suspending function: of a lambda, each call makes an object
     */
    public fun <R> start(receiver: R, block: suspend R.() -> Unit): Any? {
        // Later, on whatever thread, whoever resumes the code does this.
        val previous = element.updateThreadContext(context)
        try {
            val result = block.startUntilSuspended(receiver)
            if (result !== COROUTINE_SUSPENDED) complete(null)
            return result
        } finally {
            element.restoreThreadContext(context, previous)
        }
    }

    /** A suspending function is one with a continuation as its last parameter. */
    @Suppress("UNCHECKED_CAST")
    private fun <R> (suspend R.() -> Unit).startUntilSuspended(receiver: R): Any? =
        try {
            (this as (R, Continuation<Unit>) -> Any?)(receiver, this@TracedContinuation)
        } catch (failure: Throwable) {
            complete(failure)
            throw failure
        }

    final override fun resumeWith(result: Result<Unit>) {
        complete(result.exceptionOrNull())
        // The caller may go on right here, with nobody to put its own trace context on the thread.
        val outer = caller.context[TraceContextElement]
        val previous = outer?.updateThreadContext(caller.context)
        try {
            caller.resumeWith(result)
        } finally {
            previous?.let { outer.restoreThreadContext(caller.context, it) }
        }
    }

    /** Whatever happens to us, the caller must go on. */
    private fun complete(failure: Throwable?) {
        try {
            done(failure)
        } catch (_: Throwable) {
            // Told by whoever threw; out of memory or of stack, nothing can be told.
        } finally {
            door.retire(handle)
        }
    }

    /** Called once when the code is done, still in its trace context. What it throws is ignored. */
    protected abstract fun done(failure: Throwable?)
}

/** The context with one element more: like `plus`, but made in one piece, as for each request there is one. */
private fun CoroutineContext.with(element: TraceContextElement): CoroutineContext =
    ContextWith(element, minusKey(TraceContextElement))

private class ContextWith(private val element: TraceContextElement, private val others: CoroutineContext) :
    CoroutineContext {
    override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? = element[key] ?: others[key]

    override fun <R> fold(initial: R, operation: (R, CoroutineContext.Element) -> R): R =
        operation(others.fold(initial, operation), element)

    override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext =
        if (element[key] == null) others.minusKey(key) + element else others
}

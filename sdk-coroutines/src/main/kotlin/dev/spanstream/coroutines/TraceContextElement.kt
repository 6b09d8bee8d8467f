package dev.spanstream.coroutines

import dev.spanstream.internal.ContextDoor
import kotlinx.coroutines.CopyableThreadContextElement
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withContext
import java.lang.ref.WeakReference
import java.util.function.BooleanSupplier
import kotlin.coroutines.CoroutineContext

/**
 * Owns the trace context of one coroutine, and points whichever thread runs the coroutine to it.
 *
 * Nothing is copied when the coroutine suspends: the thread is pointed back to what it pointed to
 * before, and that is all. So it does no harm that `restoreThreadContext` on the old thread may run
 * in parallel with `updateThreadContext` on the next one.
 *
 * Children get a fork: they start with what is active here, and nothing that they do comes back. Nobody
 * tells when a child is done; but its Job can be asked. That matters where a thread goes on without a
 * restore: when a completed child resumes its parent on its own stack (`Dispatchers.Unconfined`), or has
 * been left to the thread for good (`flowOn` with an element and no dispatcher, in coroutines 1.11).
 */
@OptIn(DelicateCoroutinesApi::class, ExperimentalCoroutinesApi::class)
internal class TraceContextElement private constructor(
    val handle: ContextDoor.Handle,
    /** The outermost coroutine that runs with this element: the first to do so, until it is done. */
    @Volatile private var owner: BooleanSupplier?,
) : CopyableThreadContextElement<ContextDoor.Handle> {
    constructor(handle: ContextDoor.Handle) : this(handle, owner = null)

    companion object Key : CoroutineContext.Key<TraceContextElement> {
        /** An element for one owner who retires the context: nobody has to be asked. */
        fun retiring(handle: ContextDoor.Handle): TraceContextElement = TraceContextElement(handle, owner = { false })
    }

    override val key: CoroutineContext.Key<TraceContextElement> get() = Key

    override fun updateThreadContext(context: CoroutineContext): ContextDoor.Handle {
        if (owner?.asBoolean != false) own(context[Job] ?: NonCancellable)
        return door.install(handle)
    }

    /** [job] is one that never completes if nobody can tell when the coroutine is done. */
    private fun own(job: Job) {
        owner = Owner(job).also { door.ownedUntil(handle, it) }
    }

    /**
     * Tells whether a job is done. The element may be kept for long, in the context of another scope; the
     * job, which holds its caller, must not be. One that nobody holds any more is done.
     */
    private class Owner(job: Job) :
        WeakReference<Job>(job),
        BooleanSupplier {
        override fun getAsBoolean(): Boolean = get()?.isCompleted != false
    }

    override fun restoreThreadContext(context: CoroutineContext, oldState: ContextDoor.Handle): Unit =
        door.restore(oldState)

    override fun copyForChild(): TraceContextElement = TraceContextElement(door.fork(handle))

    /** An element that was given to several coroutines must not be owned by several. */
    override fun mergeForChild(overwritingElement: CoroutineContext.Element): CoroutineContext =
        (overwritingElement as TraceContextElement).copyForChild()
}

/**
 * Runs [block] with a trace context of its own, made from [handle]. When the block is done, so is the
 * context: a thread that was left pointing to it is put right when it next asks.
 */
internal suspend fun <T> withTraceContext(
    handle: ContextDoor.Handle,
    block: suspend CoroutineScope.(ContextDoor.Handle) -> T,
): T =
    withContext(TraceContextElement(handle) + listener()) {
        // withContext forks what it is given.
        val own = coroutineContext[TraceContextElement]!!.handle
        try {
            // The coroutines launched in the block use forks, but see it through to the end first.
            coroutineScope { block(own) }
        } finally {
            door.retire(own)
        }
    }

package dev.spanstream.ktor.probe

import dev.spanstream.Span
import dev.spanstream.Tracer
import dev.spanstream.internal.ContextDoor
import java.util.concurrent.atomic.LongAdder
import java.util.function.BooleanSupplier
import java.util.function.Consumer

/** The door to the core, at which the updates and restores of thread contexts are counted. */
class WatchedDoor(private val core: ContextDoor) : ContextDoor() {
    val updates: LongAdder = LongAdder()
    val restores: LongAdder = LongAdder()

    override fun install(context: Handle): Handle {
        updates.increment()
        return core.install(context)
    }

    override fun restore(previous: Handle) {
        restores.increment()
        core.restore(previous)
    }

    override fun current(): Handle = core.current()

    override fun fork(parent: Handle): Handle = core.fork(parent)

    override fun isolated(): Handle = core.isolated()

    override fun retire(context: Handle): Unit = core.retire(context)

    override fun ownedUntil(context: Handle, ownerIsDone: BooleanSupplier): Unit = core.ownedUntil(context, ownerIsDone)

    override fun listen(listener: Consumer<Span?>?): Unit = core.listen(listener)

    override fun hasListener(): Boolean = core.hasListener()

    override fun tellListener(): Unit = core.tellListener()

    override fun continueTrace(tracer: Tracer, context: Handle, headers: Map<String, String>): Unit =
        core.continueTrace(tracer, context, headers)

    override fun customSamplingContext(context: Handle, values: Map<String, *>): Unit =
        core.customSamplingContext(context, values)

    override fun startSpan(
        tracer: Tracer,
        context: Handle,
        name: String,
        attributes: Map<String, *>,
        active: Boolean,
    ): Span = core.startSpan(tracer, context, name, attributes, active)

    override fun startSpan(
        tracer: Tracer,
        context: Handle,
        name: String,
        attributes: Map<String, *>,
        parent: Span?,
        active: Boolean,
    ): Span = core.startSpan(tracer, context, name, attributes, parent, active)

    override fun startIgnoredServiceSpan(tracer: Tracer, context: Handle, name: String): Span =
        core.startIgnoredServiceSpan(tracer, context, name)

    override fun unrecordedSpan(tracer: Tracer): Span = core.unrecordedSpan(tracer)

    override fun wasGivenTrace(context: Handle): Boolean = core.wasGivenTrace(context)

    override fun nest(context: Handle): Frame = core.nest(context)

    override fun swap(context: Handle, frame: Frame): Frame = core.swap(context, frame)

    override fun activeSpan(tracer: Tracer, context: Handle): Span? = core.activeSpan(tracer, context)

    override fun traceHeaders(tracer: Tracer, context: Handle, url: String, span: Span?): Map<String, String> =
        core.traceHeaders(tracer, context, url, span)

    override fun end(context: Handle, span: Span, failure: Throwable?): Unit = core.end(context, span, failure)

    override fun skippedWithoutParent(tracer: Tracer): Unit = core.skippedWithoutParent(tracer)

    override fun readsStartAttributes(tracer: Tracer): Boolean = core.readsStartAttributes(tracer)

    override fun isOwnReceiver(tracer: Tracer, host: String, port: Int): Boolean =
        core.isOwnReceiver(tracer, host, port)

    override fun sendsDefaultPii(tracer: Tracer): Boolean = core.sendsDefaultPii(tracer)
}

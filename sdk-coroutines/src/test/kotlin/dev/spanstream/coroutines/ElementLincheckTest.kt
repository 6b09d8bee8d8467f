package dev.spanstream.coroutines

import dev.spanstream.Span
import dev.spanstream.Tracer
import dev.spanstream.sink.InMemorySpanSink
import io.kotest.core.spec.style.FunSpec
import kotlinx.coroutines.Job
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions
import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.forClasses
import java.time.Instant
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.CoroutineContext

/*
 * Hunted: a coroutine that suspends on thread A and resumes on thread B before A has restored, as the
 * contract of ThreadContextElement allows.
 *
 *   A: updateThreadContext, runs, starts a span of plain code, suspends
 *   A: hands the coroutine to the dispatcher, from here on B may run it
 *      B: updateThreadContext, runs                  <- must see the span that was started on A
 *   A: restoreThreadContext                          <- must not take the context away from B
 *      B: runs on, starts and ends spans             <- must not be seen on A
 *   A: sees the context that it had before
 *      B: suspends, restoreThreadContext             <- must not put back what A had before
 *
 * Bad would be state of one update that the next one overwrites: what the thread had before, kept in the
 * element; or a stack that is copied when the coroutine suspends and is not yet there when it resumes.
 */
class OneElement {
    private val sink = InMemorySpanSink()
    private val tracer =
        Tracer.create { options ->
            options.sink = sink
            options.tracesSampleRate = 1.0
            options.setClock { Instant.EPOCH }
        }
    private val context: CoroutineContext = Job()
    private val element = TraceContextElement(door.isolated())

    /** Whether the coroutine is suspended and may be run; what follows is its state, and only its thread's. */
    private val suspended = AtomicBoolean(true)
    private val outer = door.startSpan(tracer, element.handle, "outer", emptyMap<String, Any>(), true)
    private var active: Span = outer

    /** One turn of the coroutine on the calling thread; nothing if it is running on another one. */
    @Operation
    fun turn() {
        if (!suspended.compareAndSet(true, false)) return
        // As if this coroutine were resumed on the stack of another one: not to be mistaken for an idle thread.
        val around = door.isolated()
        val idle = door.install(around)
        val before = element.updateThreadContext(context)
        check(tracer.currentSpan() === active) { "does not see what was active when it suspended" }
        if (active === outer) {
            active = tracer.startSpan("java")
        } else {
            active.end()
            active = outer
        }
        check(tracer.currentSpan() === active) { "does not see what it has just made active" }
        suspended.set(true)
        element.restoreThreadContext(context, before)
        check(door.current() === around) { "the thread does not see what it had before the coroutine ran on it" }
        door.restore(idle)
    }
}

/** Few and short, for it is slow; [ManyCoroutinesTest] hunts the same with real dispatchers. */
class ElementLincheckTest :
    FunSpec({
        test("a restore that comes after the next update takes something away from it, or brings it back") {
            ModelCheckingOptions()
                .iterations(2)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                // Spans have a test of their own; here they would only be places to switch threads at.
                .addGuarantee(forClasses(Tracer::class, Span::class).allMethods().treatAsAtomic())
                .addGuarantee(forClasses("dev.spanstream.RecordingSpan").allMethods().treatAsAtomic())
                // It reaches all threads of the process once strict mode watches them.
                .addGuarantee(forClasses("dev.spanstream.TraceContext").methods("install").ignore())
                .check(OneElement::class)
        }
    })

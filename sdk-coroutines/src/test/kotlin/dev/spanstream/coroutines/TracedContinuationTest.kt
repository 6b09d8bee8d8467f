package dev.spanstream.coroutines

import dev.spanstream.coroutines.internal.InternalTracingApi
import dev.spanstream.coroutines.internal.TracedContinuation
import dev.spanstream.internal.ContextDoor
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn

/** Code that an instrumentation runs in a trace context of its own, within the coroutine of its caller. */
@OptIn(InternalTracingApi::class)
internal class TracedContinuationTest :
    DispatcherSpec({
        class Traced(
            caller: Continuation<Unit>,
            handle: ContextDoor.Handle,
            private val done: (Throwable?) -> Unit,
        ) : TracedContinuation(caller, handle) {
            override fun done(failure: Throwable?) = done.invoke(failure)
        }

        suspend fun traced(done: (Throwable?) -> Unit, block: suspend () -> Unit): Unit =
            suspendCoroutineUninterceptedOrReturn { caller ->
                Traced(caller, door.isolated(), done).start(block) { this() }
            }

        everywhere("what comes after the code, on whatever thread, has the trace context of its caller again") {
            withSpan("outer") {
                traced({}) {
                    withSpan("inside") { hop() }
                    hop()
                }
                traces.tracer.startSpan("after").close()
                hop()
                traces.tracer.startSpan("later").close()
            }
            traces.parentOf("inside") shouldBe null
            traces.parentOf("after") shouldBe "outer"
            traces.parentOf("later") shouldBe "outer"
        }

        everywhere("a caller goes on, and gets its own failure, whatever the instrumentation throws") {
            traced({ error("ours") }) { hop() }
            traced({ error("ours") }) { }
            shouldThrow<IllegalArgumentException> {
                traced({ error("ours") }) {
                    hop()
                    throw IllegalArgumentException("theirs")
                }
            }
            shouldThrow<IllegalArgumentException> {
                traced({ error("ours") }) { throw IllegalArgumentException("theirs") }
            }
        }
    })

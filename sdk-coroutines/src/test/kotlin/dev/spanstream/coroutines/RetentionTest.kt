package dev.spanstream.coroutines

import dev.spanstream.Span
import dev.spanstream.Tracer
import dev.spanstream.Traces
import dev.spanstream.sink.SpanSink
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.lang.ref.WeakReference
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.coroutines.CoroutineContext

/** A million ended spans leave nothing reachable from a context, whatever is still open. */
class RetentionTest :
    FunSpec({
        val dispatchers = TestDispatchers()
        lateinit var tracer: Tracer

        fun everywhere(name: String, body: suspend CoroutineScope.() -> Unit) {
            for ((where, dispatcher) in dispatchers.byName) {
                test("$name on $where") { withContext(dispatcher, body) }
            }
        }

        beforeTest {
            tracer =
                initTracing {
                    sink = SpanSink { } // So that what is found must be held by the SDK.
                    tracesSampleRate = 1.0
                }
        }
        afterTest { Traces.close() }
        afterSpec { dispatchers.close() }

        everywhere("spans that ended one after another under an endless one are still reachable") {
            val ended = Ended()
            tracer.withSpan("endless") {
                repeat(SPANS) { number ->
                    tracer.withSpan("child") { ended.remember(number, it) }
                    if (number % 10_000 == 0) hop()
                }
                ended.reachable() shouldBe 0
            }
        }

        everywhere("spans of coroutines launched under an endless one are still reachable") {
            val ended = Ended()
            tracer.withSpan("endless") {
                repeat(10) { round ->
                    coroutineScope {
                        repeat(SPANS / 100) { number ->
                            launch {
                                tracer.withSpan("child") { ended.remember(round * SPANS / 100 + number, it) }
                            }
                        }
                    }
                }
                ended.reachable() shouldBe 0
            }
        }

        everywhere("a coroutine that ended is still reachable from the context that it had passed on") {
            var kept: CoroutineScope? = null
            val ended =
                launchAndForget {
                    withSpan("start-up") {
                        kept = CoroutineScope(currentCoroutineContext() + Job())
                        yield()
                    }
                }
            (1..PATIENCE).any {
                System.gc()
                ended.get() == null
            } shouldBe true
            kept!!.launch { withSpan("later") { } }.join()
        }

        everywhere("spans started upstream of a flow, or carried by messages, are still reachable") {
            val ended = Ended()
            withSpan("endless") {
                (1..SPANS / 10)
                    .asFlow()
                    .map { number -> withSpan("upstream") { ended.remember(number, it) } }
                    .traced("flow")
                    .collect { withSpan("downstream") { } }
                val messages = Channel<CoroutineContext.Element>()
                launch {
                    repeat(SPANS / 10) { number ->
                        withSpan("sender") {
                            ended.remember(number, it)
                            messages.send(traceContext())
                        }
                    }
                    messages.close()
                }
                for (trace in messages) {
                    withContext(trace) { withSpan("receiver") { } }
                }
                ended.reachable() shouldBe 0
            }
        }
    })

private const val SPANS = 1_000_000
private const val SAMPLE = 1_000
private const val PATIENCE = 100

/** The object is held by the coroutine, for as long as that can go on. */
private suspend fun launchAndForget(block: suspend () -> Unit): WeakReference<Any> {
    lateinit var held: WeakReference<Any>
    coroutineScope {
        launch {
            val own = Any()
            held = WeakReference(own)
            block()
            own.hashCode()
        }
    }
    return held
}

/** Remembers one in so many, weakly. */
private class Ended {
    private val spans = ConcurrentLinkedQueue<WeakReference<Span>>()

    fun remember(number: Int, span: Span) {
        if (number % SAMPLE == 0) spans += WeakReference(span)
    }

    fun reachable(): Int {
        check(spans.isNotEmpty())
        repeat(PATIENCE) {
            System.gc()
            if (spans.none { it.get() != null }) return 0
        }
        return spans.count { it.get() != null }
    }
}

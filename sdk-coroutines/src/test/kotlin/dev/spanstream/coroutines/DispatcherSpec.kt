package dev.spanstream.coroutines

import io.kotest.core.spec.style.FunSpec
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.util.concurrent.CompletableFuture
import kotlin.coroutines.ContinuationInterceptor

/** Tests each of which has a tracer of its own, and runs on all of [TestDispatchers]. */
internal abstract class DispatcherSpec(body: DispatcherSpec.() -> Unit) : FunSpec() {
    private val dispatchers = TestDispatchers()
    lateinit var traces: TestTracer
        private set

    init {
        beforeTest { traces = TestTracer() }
        afterTest { traces.close() }
        afterSpec { dispatchers.close() }
        body()
    }

    /** Adds the test "[name] on …" for each dispatcher; it starts in a coroutine without a trace context. */
    fun everywhere(name: String, body: suspend CoroutineScope.() -> Unit) {
        for ((where, dispatcher) in dispatchers.byName) {
            test("$name on $where") { withContext(dispatcher, body) }
        }
    }
}

internal suspend fun currentDispatcher(): CoroutineDispatcher =
    kotlin.coroutines.coroutineContext[ContinuationInterceptor] as CoroutineDispatcher

/** Suspends, and goes on on another thread wherever the dispatcher allows. */
internal suspend fun hop() {
    withContext(Dispatchers.IO) { yield() }
    yield()
}

/** Runs plain code on a thread that knows nothing of coroutines and tracing. */
internal fun <T> onForeignThread(code: () -> T): CompletableFuture<T> {
    val result = CompletableFuture<T>()
    Thread {
        try {
            result.complete(code())
        } catch (thrown: Throwable) {
            result.completeExceptionally(thrown)
        }
    }.start()
    return result
}

package dev.spanstream.samples.snippets.migration

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import io.kotest.matchers.types.shouldNotBeSameInstanceAs
import io.opentelemetry.api.trace.Span
import io.opentelemetry.api.trace.SpanContext
import io.opentelemetry.api.trace.TraceFlags
import io.opentelemetry.api.trace.TraceState
import io.opentelemetry.extension.kotlin.asContextElement
import io.sentry.Sentry
import io.sentry.kotlin.SentryContext
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.async
import kotlinx.coroutines.yield
import java.util.concurrent.Callable
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import kotlin.coroutines.CoroutineContext

/** What docs/COROUTINES.md says of the elements of OpenTelemetry and Sentry is what they do. */
class OtherElementsTest :
    FunSpec({
        val threads = List(2) { Executors.newSingleThreadExecutor() }
        val scope = CoroutineScope(TakingTurns(threads))

        afterSpec { threads.forEach { it.shutdown() } }

        test("OpenTelemetry's brings back the span of when it was made, and leaves that of plain code on its thread") {
            val outer = span("00f067aa0ba902b7")
            val inner = span("00f067aa0ba902b8")
            scope
                .async(outer.asContextElement()) {
                    inner.makeCurrent().use {
                        Span.current() shouldBe inner
                        yield()
                        Span.current() shouldBe outer
                    }
                }.await()

            threads.first().submit(Callable { Span.current() }).get() shouldBe inner
        }

        test("Sentry's brings back the scopes of when it was made, and not those that plain code pushed") {
            Sentry.init { it.dsn = "http://key@127.0.0.1:9/1" }
            try {
                scope
                    .async(SentryContext()) {
                        val own = Sentry.getCurrentScopes()
                        Sentry.pushScope().use {
                            Sentry.getCurrentScopes() shouldNotBeSameInstanceAs own
                            yield()
                            Sentry.getCurrentScopes() shouldBeSameInstanceAs own
                        }
                    }.await()
            } finally {
                Sentry.close()
            }
        }
    })

private fun span(id: String): Span =
    Span.wrap(
        SpanContext.create("4bf92f3577b34da6a3ce929d0e0e4736", id, TraceFlags.getSampled(), TraceState.getDefault()),
    )

/** Runs each part of a coroutine on the next one of its threads. */
private class TakingTurns(private val threads: List<ExecutorService>) : CoroutineDispatcher() {
    private var parts = 0

    override fun dispatch(context: CoroutineContext, block: Runnable) = threads[parts++ % threads.size].execute(block)
}

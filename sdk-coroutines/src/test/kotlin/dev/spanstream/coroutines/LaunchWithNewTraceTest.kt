package dev.spanstream.coroutines

import dev.spanstream.Traces
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import java.util.concurrent.Executors

@OptIn(DelicateCoroutinesApi::class)
internal class LaunchWithNewTraceTest :
    DispatcherSpec({
        lateinit var application: CoroutineScope

        beforeTest { application = CoroutineScope(SupervisorJob()) }
        afterTest { application.cancel() }

        everywhere("what is launched in a new trace inherits neither the span nor the attributes of the request") {
            val dispatcher = currentDispatcher()
            withNewTrace {
                Traces.setAttribute("request", 1)
                withSpan("request") { request ->
                    val job =
                        application.launchWithNewTrace(dispatcher) {
                            Traces.currentSpan().shouldBeNull()
                            withSpan("job") { job ->
                                hop()
                                job.traceId shouldNotBe request.traceId
                            }
                        }
                    job.join()
                    Traces.currentSpan() shouldBe request
                }
            }
            traces.parentOf("job").shouldBeNull()
            traces.span("job").sentAttributes shouldNotContainKey "request"
        }

        everywhere("a coroutine that starts at once, in the thread of the request, leaves nothing there") {
            withSpan("request") { request ->
                val job =
                    application.launchWithNewTrace(start = CoroutineStart.UNDISPATCHED) {
                        Traces.startSpan("job").use { hop() }
                    }
                Traces.currentSpan() shouldBe request
                job.join()
                Traces.currentSpan() shouldBe request
            }
            traces.parentOf("job").shouldBeNull()
        }

        everywhere("a coroutine that must run even if it is cancelled before does not run") {
            application.cancel()
            application.launchWithNewTrace(start = CoroutineStart.ATOMIC) { withSpan("last words") { } }.join()

            traces.parentOf("last words").shouldBeNull()
        }

        everywhere("a job without a trace of its own shares that of its thread") {
            val one = Executors.newSingleThreadExecutor()
            one.asCoroutineDispatcher().use { thread ->
                application.launch(thread) { withSpan("first plain") { } }.join()
                application.launch(thread) { withSpan("second plain") { } }.join()
                application.launchWithNewTrace(thread) { withSpan("first job") { } }.join()
                application.launchWithNewTrace(thread) { withSpan("second job") { } }.join()
            }

            fun trace(name: String) = traces.span(name).traceId
            trace("first plain") shouldBe trace("second plain")
            setOf(trace("first plain"), trace("first job"), trace("second job")) shouldHaveSize 3
        }

        everywhere("a rate takes all jobs that share the trace of a thread, or none, and of others each for itself") {
            val halved = TestTracer { tracesSampleRate = 0.5 }
            val one = Executors.newSingleThreadExecutor()
            one.asCoroutineDispatcher().use { thread ->
                repeat(JOBS) { application.launch(thread) { withSpan("plain") { } }.join() }
                repeat(JOBS) { application.launchWithNewTrace(thread) { withSpan("job") { } }.join() }
            }

            halved.sink.named("plain").size shouldBeIn listOf(0, JOBS)
            halved.sink.named("job").size shouldBeIn (1..<JOBS).toList()
        }
    })

private const val JOBS = 64

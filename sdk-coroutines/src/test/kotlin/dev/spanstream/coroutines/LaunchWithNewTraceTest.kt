package dev.spanstream.coroutines

import dev.spanstream.Traces
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import kotlin.time.Duration.Companion.milliseconds

class LaunchWithNewTraceTest :
    FunSpec({
        val dispatchers = TestDispatchers()
        lateinit var traces: TestTracer
        lateinit var application: CoroutineScope

        beforeTest {
            traces = TestTracer()
            application = CoroutineScope(SupervisorJob())
        }
        afterTest {
            application.cancel()
            traces.close()
        }
        afterSpec { dispatchers.close() }

        for ((name, dispatcher) in dispatchers.byName) {
            test(
                "what is launched in a new trace inherits neither the span nor the attributes of the request on $name",
            ) {
                withContext(dispatcher) {
                    withNewTrace {
                        Traces.setAttribute("request", 1)
                        withSpan("request") { request ->
                            val job =
                                application.launchWithNewTrace(dispatcher) {
                                    Traces.currentSpan().shouldBeNull()
                                    withSpan("job") { job ->
                                        delay(1.milliseconds)
                                        job.traceId shouldNotBe request.traceId
                                    }
                                }
                            job.join()
                            Traces.currentSpan() shouldBe request
                        }
                    }
                }
                traces.parentOf("job").shouldBeNull()
                traces.span("job").sentAttributes shouldNotContainKey "request"
            }
        }

        test("a coroutine that starts at once, in the thread of the request, leaves nothing there") {
            withSpan("request") { request ->
                application.launchWithNewTrace(start = CoroutineStart.UNDISPATCHED) { delay(1.milliseconds) }.join()
                Traces.currentSpan() shouldBe request
            }
        }
    })

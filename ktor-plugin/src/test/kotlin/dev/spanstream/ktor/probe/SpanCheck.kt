package dev.spanstream.ktor.probe

import dev.spanstream.sink.FinishedSpan

/** Compares what was recorded with what [ProbeShop] does. */
object SpanCheck {
    private val parents =
        mapOf(
            "POST /orders/{id}" to "caller",
            "order" to "POST /orders/{id}",
            "java" to "order",
            "blocking" to "java",
            "left" to "java",
            "left inner" to "left",
            "right" to "java",
            "right inner" to "right",
            "flow" to "order",
            "upstream" to "flow",
            "downstream" to "flow",
            "client" to "order",
            "GET /stock/{id}" to "client",
            "shelf" to "GET /stock/{id}",
            "last" to "order",
        )

    /** Of each request. */
    val SPANS: Int = parents.size

    fun traceOf(request: Int): String = "%032x".format(request)

    fun callerOf(request: Int): String = "%016x".format(request)

    /** Spans in the trace of another request, or under another parent than they should be. */
    fun wrong(spans: List<FinishedSpan>, requests: Int): List<FinishedSpan> {
        val byTrace = spans.groupBy { it.traceId }.toMutableMap()
        val misplaced = (1..requests).flatMap { request ->
            misplaced(request, byTrace.remove(traceOf(request)).orEmpty())
        }
        return misplaced + byTrace.values.flatten()
    }

    private fun misplaced(request: Int, spans: List<FinishedSpan>): List<FinishedSpan> {
        val names = spans.associate { it.spanId to it.role() } + (callerOf(request) to "caller")
        return spans.filter { span ->
            val owner = span.sentAttributes["request"] ?: "$request"
            owner != "$request" || names[span.parentSpanId] != parents[span.role()]
        }
    }

    private fun FinishedSpan.role() = if (name.startsWith("GET http://")) "client" else name
}

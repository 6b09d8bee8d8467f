package dev.spanstream.coroutines

import dev.spanstream.Span

/** Under which span a new one starts (sdk/telemetry/spans, "Starting Spans"). */
public sealed interface SpanParent {
    /** The active span; a new service span if there is none. The default. */
    public data object Active : SpanParent

    /** No span: a new service span in the same trace, whatever is active. */
    public data object None : SpanParent

    /** This span, even if it has ended; one of another tracer stands for the active span. */
    public data class Of(
        /** The parent. */
        public val span: Span,
    ) : SpanParent
}

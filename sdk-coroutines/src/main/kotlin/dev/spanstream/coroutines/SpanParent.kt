package dev.spanstream.coroutines

import dev.spanstream.Span

/**
 * Under which span a new one starts (sdk/telemetry/spans, "Starting Spans"). Default: [Active].
 *
 * ```
 * withSpan("resize image", parent = SpanParent.Of(upload)) { resize(image) }
 * ```
 */
public sealed interface SpanParent {
    /** The active span of the same tracer; a new service span if there is none. */
    public data object Active : SpanParent

    /**
     * No span: a new service span in the trace of the coroutine, whatever is active; if that trace came in, it stands
     * under the sender's span. For a trace of its own there is [withNewTrace].
     */
    public data object None : SpanParent

    /**
     * This span, even if it has ended. One of another tracer stands for the active span, one that an ignore rule
     * matched for its nearest recorded ancestor. Under a service span that is not recorded, nothing is.
     */
    public data class Of(
        /** The parent, as it was given. */
        public val span: Span,
    ) : SpanParent
}

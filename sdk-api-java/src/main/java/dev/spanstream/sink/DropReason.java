package dev.spanstream.sink;

/**
 * Why a span was not sent: the reasons of the client-report protocol
 * (sdk/telemetry/client-reports).
 *
 * <p>Each span that ends without being sent is counted under exactly one of them; see {@link
 * dev.spanstream.TracerStats#dropped()}.
 */
public enum DropReason {
  /** The sampler, the rate, or the decision upstream was against the span's trace. */
  SAMPLE_RATE("sample_rate"),
  /** Only the lowered rate of an overloaded pipeline was against the span's trace. */
  BACKPRESSURE("backpressure"),
  /**
   * A rule of {@link dev.spanstream.TracingOptions#setIgnoreSpans}, matched the span or its service
   * span, or the filter of an instrumentation left it out.
   */
  IGNORED("ignored"),
  /** An instrumentation made no span because none was active. */
  NO_PARENT_SPAN("no_parent_span"),
  /** The span buffer was full, or the tracer closed. */
  BUFFER_OVERFLOW("buffer_overflow"),
  /**
   * The queue between the buffer and the network was full; never counted by {@code
   * spanstream-coroutines}.
   */
  QUEUE_OVERFLOW("queue_overflow"),
  /** The spool directory was full, or a spooled batch grew too old. */
  CACHE_OVERFLOW("cache_overflow"),
  /** The receiver had asked to send nothing for a while, or refused the span for a rate limit. */
  RATELIMIT_BACKOFF("ratelimit_backoff"),
  /**
   * The receiver could not be reached or did not answer, and there was no memory, spool or time to
   * try again.
   */
  NETWORK_ERROR("network_error"),
  /** The receiver answered with an error. */
  SEND_ERROR("send_error"),
  /** The span could not be started or encoded, its sink threw, or the SDK failed in another way. */
  INTERNAL_SDK_ERROR("internal_sdk_error");

  private final String wireName;

  DropReason(String wireName) {
    this.wireName = wireName;
  }

  /** Returns the name that client reports use, for example {@code sample_rate}. */
  public String wireName() {
    return wireName;
  }
}

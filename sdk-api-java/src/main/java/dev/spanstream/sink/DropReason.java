package dev.spanstream.sink;

/**
 * Why a span was not sent: the reasons of the client-report protocol
 * (sdk/telemetry/client-reports).
 *
 * <p>Each span that ends without being sent is counted under exactly one of them; see {@link
 * dev.spanstream.TracerStats#dropped()}.
 */
public enum DropReason {
  /** The sampler or the rate decided against the span's trace. */
  SAMPLE_RATE("sample_rate"),
  /** Only the lowered rate of an overloaded pipeline decided against the span's trace. */
  BACKPRESSURE("backpressure"),
  /** A rule of {@link dev.spanstream.TracingOptions#setIgnoreSpans} matched. */
  IGNORED("ignored"),
  /** An instrumentation made no span because none was active. */
  NO_PARENT_SPAN("no_parent_span"),
  /** The span buffer was full, or closed. */
  BUFFER_OVERFLOW("buffer_overflow"),
  /** The queue between the buffer and the network was full. */
  QUEUE_OVERFLOW("queue_overflow"),
  /** The spool directory was full, or a spooled batch grew too old. */
  CACHE_OVERFLOW("cache_overflow"),
  /** The receiver had asked to send nothing for a while. */
  RATELIMIT_BACKOFF("ratelimit_backoff"),
  /** The receiver could not be reached. */
  NETWORK_ERROR("network_error"),
  /** The receiver answered with an error. */
  SEND_ERROR("send_error"),
  /** The span could not be encoded, or the SDK failed in another way. */
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

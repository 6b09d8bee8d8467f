package dev.spanstream;

/** How a span went (sdk/telemetry/spans, "Span Properties"): there is no third state. */
public enum SpanStatus {
  /** It went well, or nobody said otherwise: the default. */
  OK("ok"),
  /** It failed. */
  ERROR("error");

  private final String wireName;

  SpanStatus(String wireName) {
    this.wireName = wireName;
  }

  /** Returns {@code ok} or {@code error}. */
  public String wireName() {
    return wireName;
  }
}

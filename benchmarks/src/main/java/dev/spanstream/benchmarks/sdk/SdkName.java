package dev.spanstream.benchmarks.sdk;

/** Whom we compare. */
public enum SdkName {
  SPANSTREAM,
  OPENTELEMETRY,
  BRAVE,
  SENTRY;

  public Sdk start(Mode mode) {
    return switch (this) {
      case SPANSTREAM -> new SpanstreamSdk(mode);
      case OPENTELEMETRY -> new OpenTelemetrySdk(mode);
      case BRAVE -> new BraveSdk(mode);
      case SENTRY -> new SentrySdk(mode);
    };
  }
}

package dev.spanstream;

import dev.spanstream.internal.SdkInfo;
import org.jspecify.annotations.Nullable;

/**
 * What is the same for every span of a tracer, made once (sdk/telemetry/spans, "Common Attribute
 * Keys").
 *
 * @param everySpan goes on all spans
 * @param serviceSpan goes on service spans besides
 */
record CommonAttributes(AttributeList everySpan, AttributeList serviceSpan) {

  static CommonAttributes of(TracingOptions options) {
    AttributeList every = new AttributeList();
    put(every, "sentry.release", options.getRelease());
    put(every, "sentry.environment", options.getEnvironment());
    put(every, "sentry.sdk.name", SdkInfo.NAME);
    put(every, "sentry.sdk.version", SdkInfo.VERSION);
    put(every, "sentry.platform", "java");
    put(every, "os.name", System.getProperty("os.name"));
    every.put("sentry.is_localhost", false);
    AttributeList service = new AttributeList();
    service.put("sentry.segment.name.source", "custom");
    put(service, "sentry.dist", options.getDist());
    put(service, "server.address", options.getServerName());
    put(service, "process.runtime.name", System.getProperty("java.runtime.name"));
    put(service, "process.runtime.version", System.getProperty("java.runtime.version"));
    service.put("process.pid", ProcessHandle.current().pid());
    return new CommonAttributes(every, service);
  }

  private static void put(AttributeList to, String key, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      to.put(key, Text.wellFormed(value));
    }
  }
}

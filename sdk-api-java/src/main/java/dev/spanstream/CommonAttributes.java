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
    int maxLength = options.getMaxAttributeValueLength();
    AttributeList every = new AttributeList();
    put(every, "sentry.release", options.getRelease(), maxLength);
    put(every, "sentry.environment", options.getEnvironment(), maxLength);
    put(every, "sentry.sdk.name", SdkInfo.NAME, maxLength);
    put(every, "sentry.sdk.version", SdkInfo.VERSION, maxLength);
    put(every, "sentry.platform", "java", maxLength);
    put(every, "os.name", System.getProperty("os.name"), maxLength);
    every.put("sentry.is_localhost", false);
    AttributeList service = new AttributeList();
    service.put("sentry.segment.name.source", "custom");
    put(service, "sentry.dist", options.getDist(), maxLength);
    put(service, "server.address", options.getServerName(), maxLength);
    put(service, "process.runtime.name", System.getProperty("java.runtime.name"), maxLength);
    put(service, "process.runtime.version", System.getProperty("java.runtime.version"), maxLength);
    service.put("process.pid", ProcessHandle.current().pid());
    return new CommonAttributes(every, service);
  }

  private static void put(AttributeList to, String key, @Nullable String value, int maxLength) {
    if (value != null && !value.isEmpty()) {
      to.put(key, Text.fitting(value, maxLength));
    }
  }
}

package dev.spanstream;

import dev.spanstream.internal.Baggage;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the receiver must know of a trace to sample it
 * (sdk/foundations/trace-propagation/dynamic-sampling-context): sent downstream as baggage, and
 * with each envelope.
 *
 * <p>It begins where the trace begins, and is frozen when it first leaves that service. What came
 * in from upstream is passed on verbatim. For the envelope it is completed and mended, because the
 * receiver rejects every span of an envelope whose context it cannot read.
 */
final class DynamicSamplingContext {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-?)(?:[0-9a-fA-F]{4}\\1){3}[0-9a-fA-F]{12}");

  /** The receiver takes no other key. */
  private static final Pattern KEY = Pattern.compile("\\p{ASCII}{32}");

  private DynamicSamplingContext() {}

  /** The context for the {@code trace} header of an envelope with spans of this tree. */
  static Map<String, String> forEnvelope(RecordedTree tree) {
    Map<String, String> context = new LinkedHashMap<>(frozen(tree.tracer(), tree.trace(), tree));
    // One span of another trace costs the envelope, whatever upstream said.
    context.put("trace_id", tree.getTraceId());
    String ownKey = tree.tracer().publicKey();
    String key = context.get("public_key");
    if (ownKey != null && (key == null || !KEY.matcher(key).matches())) {
      context.put("public_key", ownKey);
    }
    if (tree.decision().decidedHere()) {
      context.put("sample_rate", rate(tree.decision().rate()));
    } else if (!isRate(context.get("sample_rate"))) {
      context.remove("sample_rate");
    }
    if (context.containsKey("transaction")) {
      // Another name of the same field, which must not be there twice.
      context.remove("segment_name");
    }
    context.computeIfAbsent("sample_rand", absent -> SampleRand.format(tree.trace().sampleRand()));
    context.put("sampled", "true");
    String replay = context.get("replay_id");
    if (replay != null && !UUID.matcher(replay).matches()) {
      context.remove("replay_id");
    }
    return context;
  }

  /** The {@code baggage} header, empty if there is nothing to say. */
  static String baggage(Tracer tracer, PropagationContext trace, @Nullable LocalTree tree) {
    return Baggage.write(frozen(tracer, trace, tree), null);
  }

  private static Map<String, String> frozen(
      Tracer tracer, PropagationContext trace, @Nullable LocalTree tree) {
    Map<String, String> already = trace.frozenFor(tracer);
    if (already != null) {
      return already;
    }
    Map<String, String> context = ofHead(tracer, trace, tree);
    // A trace of which nothing is recorded yet is not frozen: a later service span in it may be
    // recorded, and downstream would never learn its rate.
    return tree == null || !tree.decision().isSampled() ? context : trace.freeze(tracer, context);
  }

  private static Map<String, String> ofHead(
      Tracer tracer, PropagationContext trace, @Nullable LocalTree tree) {
    Map<String, String> context = new LinkedHashMap<>();
    context.put("trace_id", trace.traceId());
    put(context, "public_key", tracer.publicKey());
    if (tree != null && tree.decision().decidedHere()) {
      context.put("sample_rate", rate(tree.decision().rate()));
    }
    context.put("sample_rand", SampleRand.format(trace.sampleRand()));
    if (tree != null) {
      context.put("sampled", Boolean.toString(tree.decision().isSampled()));
    }
    put(context, "release", tracer.release());
    put(context, "environment", tracer.environment());
    if (tree != null) {
      put(context, "transaction", tree.transactionName());
    }
    put(context, "org_id", tracer.organizationId());
    return context;
  }

  private static boolean isRate(@Nullable String text) {
    double rate = SampleRand.number(text);
    return rate >= 0 && rate <= 1;
  }

  private static void put(Map<String, String> context, String key, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      context.put(key, value);
    }
  }

  /** A decimal without an exponent: {@code 1.0}, {@code 0.25}, {@code 0.0000001}. */
  private static String rate(double rate) {
    String text = Double.toString(rate);
    return text.indexOf('E') < 0 ? text : new BigDecimal(text).stripTrailingZeros().toPlainString();
  }
}

package dev.spanstream.sink;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all spans under one service span share: the trace, the service span itself, and the dynamic
 * sampling context of the envelopes that carry them.
 *
 * <p>Unlike a {@link FinishedSpan} it is live: a service span may get its final name (a route, for
 * example) after children of it have ended. Read the name and the context when you encode. All
 * methods may be called from any thread.
 */
public interface SpanTree {
  /** The first eight bytes of the trace id. */
  long getTraceIdHigh();

  /** The last eight bytes of the trace id. */
  long getTraceIdLow();

  /** The trace id as 32 lower-case hexadecimal digits. */
  String getTraceId();

  /** The id of the service span: 16 lower-case hexadecimal digits. */
  String getServiceSpanId();

  /**
   * The name of the service span as it is now, with what {@link dev.spanstream.BeforeSendSpan} made
   * of it.
   */
  String getServiceSpanName();

  /** Whether the service span has ended, so that its name is final. */
  boolean hasServiceSpanEnded();

  /**
   * The dynamic sampling context of the trace, fit for the {@code trace} header of an envelope: it
   * has {@code trace_id}, and {@code public_key} if the tracer has a DSN, whatever the incoming
   * baggage lacked (sdk/foundations/trace-propagation/dynamic-sampling-context). The keys have no
   * prefix.
   */
  Map<String, String> getDynamicSamplingContext();

  /**
   * A slot for the sink, null at first: it may hang the buffer of this tree here, so that an ended
   * span finds it without a look-up. Where two sinks may see the tree, check whose it is.
   */
  @Nullable Object getAttachment();

  /**
   * Sets the slot of the sink if it is empty, and returns what it holds afterwards; the first of
   * several threads wins.
   *
   * @param attachment not null
   */
  Object attachIfAbsent(Object attachment);
}

package dev.spanstream;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says how a span starts, for what {@link Traces#startSpan(String)} does not cover
 * (sdk/telemetry/spans, "startSpan Options").
 *
 * <pre>{@code
 * Span span = Traces.spanBuilder("resize image")
 *     .setParent(requestSpan)
 *     .setAttribute("image.width", 640)
 *     .startSpan();
 * }</pre>
 *
 * <p>Not thread-safe; may be used again, for another span each time. Nothing here throws.
 */
public final class SpanBuilder {
  private enum Parent {
    ACTIVE,
    NONE,
    GIVEN
  }

  private final Tracer tracer;
  private final String name;
  private @Nullable Map<String, Object> attributes;
  private @Nullable List<SpanLink> links;
  private Parent parentMode = Parent.ACTIVE;
  private @Nullable Span parent;
  private boolean active = true;
  private @Nullable Instant startTimestamp;

  SpanBuilder(Tracer tracer, String name) {
    this.tracer = tracer;
    this.name = name;
  }

  /**
   * Sets an attribute that the sampler and the ignore rules see. Values follow {@link
   * Span#setAttribute(String, Object)}; null changes nothing.
   */
  public SpanBuilder setAttribute(String key, @Nullable Object value) {
    if (tracer.isEnabled()) {
      Object normal = AttributeValues.normalize(value, tracer.maxAttributeValueLength());
      if (key != null && normal != null) {
        attributes().put(key, normal);
      } else {
        tracer.log().debug("A null for attribute '%s' is ignored", key);
      }
    }
    return this;
  }

  /** Sets each entry as {@link #setAttribute} does; null sets nothing. */
  public SpanBuilder setAttributes(@Nullable Map<String, ?> more) {
    if (tracer.isEnabled()) {
      tracer.normalize(more).forEach(attributes()::put);
    }
    return this;
  }

  private Map<String, Object> attributes() {
    if (attributes == null) {
      attributes = new LinkedHashMap<>();
    }
    return attributes;
  }

  /**
   * Starts the span as a child of the given one, even if that has ended. A span that is ignored
   * stands for its nearest recorded ancestor; null, or a span of another tracer, for the active
   * span. Where the given one is in a tree that is not recorded, nor is this one.
   */
  public SpanBuilder setParent(@Nullable Span span) {
    parentMode = Parent.GIVEN;
    parent = span;
    return this;
  }

  /**
   * Starts a new service span, whatever is active, in the trace of this thread or coroutine: under
   * the span upstream if that came in. For a trace of its own, call {@link Traces#newTrace} before.
   */
  public SpanBuilder setNoParent() {
    parentMode = Parent.NONE;
    parent = null;
    return this;
  }

  /**
   * Whether the span becomes the active one, the parent of later spans. Default: true. If false,
   * spans that start meanwhile are its siblings, unless {@link #setParent} names it.
   */
  public SpanBuilder setActive(boolean active) {
    this.active = active;
    return this;
  }

  /**
   * Links to another span; null, and one that records nothing, is left out. A span keeps up to
   * 1,024 links.
   */
  public SpanBuilder addLink(@Nullable Span other) {
    return addLink(SpanLink.toRecorded(other));
  }

  /** Links to another span; null is left out. A span keeps up to 1,024 links. */
  public SpanBuilder addLink(@Nullable SpanLink link) {
    if (link != null) {
      if (links == null) {
        links = new ArrayList<>();
      }
      links.add(link);
    }
    return this;
  }

  /**
   * Says when the work began, if that was before now. Default, and for null: when {@link
   * #startSpan} runs.
   */
  public SpanBuilder setStartTimestamp(@Nullable Instant at) {
    startTimestamp = at;
    return this;
  }

  /**
   * Starts the span; nothing else is needed, but to end it. Never null; one that records nothing as
   * {@link Tracer#startSpan(String)} says.
   */
  public Span startSpan() {
    if (!tracer.isEnabled()) {
      return tracer.disabledSpan();
    }
    TraceContext context = TraceContext.current();
    BaseSpan under =
        switch (parentMode) {
          case NONE -> null;
          case ACTIVE -> context.active(tracer);
          case GIVEN -> tracer.parentOrActive(parent, context);
        };
    Span span = tracer.start(context, name, attributes, under, active, startTimestamp);
    if (links != null) {
      links.forEach(span::addLink);
    }
    return span;
  }
}

package dev.spanstream;

import dev.spanstream.internal.SpanSize;
import dev.spanstream.sink.FinishedSpan;
import dev.spanstream.sink.SpanTree;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

// One long file because it is one object: the span that is written to and, once ended, the very
// span that is sent.

/**
 * A span that is recorded. {@link #end} freezes it: from then on it is the {@link FinishedSpan}.
 *
 * <p>Writers take {@code state} from OPEN to BUSY and back, so that a write is either wholly before
 * the end or ignored; the critical sections are a few instructions long, hence a spin and no lock.
 */
final class RecordingSpan extends BaseSpan implements FinishedSpan {
  /** Each is copied with all before it. */
  private static final int MAX_LINKS = 1_024;

  private static final int OPEN = 0;
  private static final int BUSY = 1;
  private static final int ENDED = 2;
  private static final VarHandle STATE =
      FieldHandles.of(MethodHandles.lookup(), "state", int.class);

  private final long spanId = Ids.next();
  private final long parentSpanId;
  private final long startMicros;
  private final ThreadLabel thread = ThreadLabel.current();

  // Guarded by the state; read without it once ENDED.
  @SuppressWarnings("UnusedVariable") // Read and written through STATE.
  private int state;

  private AttributeList attributes;
  private String name;
  private SpanStatus status = SpanStatus.OK;
  private List<SpanLink> links = List.of();
  private long endMicros;

  /** The scopes at the start; at the end their attributes take its place. */
  private @Nullable Scope scope;

  private AttributeList scopeAttributes = AttributeList.EMPTY;

  /**
   * @param parentSpanId zero if there is none
   * @param attributes normalised, and from now on this span's own
   */
  RecordingSpan(
      RecordedTree tree,
      long parentSpanId,
      String name,
      AttributeList attributes,
      Scope scope,
      long startMicros) {
    super(tree);
    this.parentSpanId = parentSpanId;
    this.name = name;
    this.attributes = attributes;
    this.scope = scope;
    this.startMicros = startMicros;
  }

  /** Enters the critical section, or returns false because the span has ended. */
  @SuppressWarnings("ThreadPriorityCheck") // A writer that lost its core is to get it back.
  private boolean enter() {
    for (int spins = 1; ; spins++) {
      if (STATE.compareAndSet(this, OPEN, BUSY)) {
        return true;
      }
      if ((int) STATE.getAcquire(this) == ENDED) {
        return false;
      }
      if ((spins & 63) == 0) {
        Thread.yield();
      } else {
        Thread.onSpinWait();
      }
    }
  }

  private boolean enterToWrite(String what) {
    boolean open = enter();
    if (!open) {
      tree.tracer().log().debug("%s after the end of span '%s' is ignored", what, name);
    }
    return open;
  }

  private void leave() {
    STATE.setRelease(this, OPEN);
  }

  @Override
  RecordingSpan recordingParent() {
    return this;
  }

  @Override
  public SpanTree getTree() {
    return recordedTree();
  }

  RecordedTree recordedTree() {
    return (RecordedTree) tree;
  }

  @Override
  public String getName() {
    STATE.getAcquire(this);
    return name;
  }

  @Override
  public Span setName(@Nullable String newName) {
    if (newName == null) {
      tree.tracer().log().debug("A null name for span '%s' is ignored", name);
    } else {
      String fitting = tree.tracer().fitting(newName);
      if (enterToWrite("A new name")) {
        name = fitting;
        leave();
      }
    }
    return this;
  }

  @Override
  public String getTraceId() {
    return recordedTree().getTraceId();
  }

  @Override
  public String getSpanId() {
    return Hex.of(spanId);
  }

  @Override
  public long getSpanIdBits() {
    return spanId;
  }

  @Override
  public @Nullable String getParentSpanId() {
    return parentSpanId == 0 ? null : Hex.of(parentSpanId);
  }

  @Override
  public long getParentSpanIdBits() {
    return parentSpanId;
  }

  @Override
  public boolean isRecording() {
    return !hasEnded();
  }

  @Override
  public boolean isSampled() {
    return true;
  }

  @Override
  public Span setAttribute(String key, @Nullable String value) {
    return setAttribute(key, (Object) value);
  }

  @Override
  public Span setAttribute(String key, long value) {
    return setAttribute(key, (Object) value);
  }

  @Override
  public Span setAttribute(String key, double value) {
    return setAttribute(key, (Object) value);
  }

  @Override
  public Span setAttribute(String key, boolean value) {
    return setAttribute(key, (Object) value);
  }

  @Override
  public Span setAttribute(@Nullable String key, @Nullable Object value) {
    Object normal = AttributeValues.normalize(value, tree.tracer().maxAttributeValueLength());
    if (key == null || normal == null) {
      tree.tracer().log().debug("A null for attribute '%s' of span '%s' is ignored", key, name);
    } else {
      String finalKey = AttributeValues.key(key);
      boolean fits = true;
      if (enterToWrite("An attribute")) {
        try {
          fits = ownAttributesToWrite().put(finalKey, normal);
        } finally {
          leave();
        }
      }
      if (!fits) {
        tree.tracer().log().debug("Span '%s' has too many attributes: no '%s'", name, key);
      }
    }
    return this;
  }

  @Override
  public Span setAttributes(@Nullable Map<String, ?> map) {
    AttributeList normal = tree.tracer().normalize(map);
    if (enterToWrite("An attribute")) {
      try {
        ownAttributesToWrite().putAll(normal);
      } finally {
        leave();
      }
    }
    return this;
  }

  @Override
  public Span removeAttribute(@Nullable String key) {
    String finalKey = key == null ? null : AttributeValues.key(key);
    if (finalKey != null && enterToWrite("A removal")) {
      try {
        attributes.remove(finalKey);
      } finally {
        leave();
      }
    }
    return this;
  }

  @Override
  public Span setStatus(@Nullable SpanStatus newStatus) {
    if (newStatus != null && enterToWrite("A status")) {
      status = newStatus;
      leave();
    }
    return this;
  }

  @Override
  public Span setStatus(@Nullable String okOrError) {
    for (SpanStatus known : SpanStatus.values()) {
      if (known.wireName().equals(okOrError)) {
        return setStatus(known);
      }
    }
    tree.tracer().log().debug("Status '%s' is neither ok nor error and is ignored", okOrError);
    return this;
  }

  @Override
  public SpanStatus getStatus() {
    STATE.getAcquire(this);
    return status;
  }

  @Override
  public Span addLink(@Nullable Span other) {
    return addLink(SpanLink.toRecorded(other));
  }

  @Override
  public Span addLink(@Nullable SpanLink link) {
    if (link != null) {
      SpanLink limited = link.limitedTo(tree.tracer().maxAttributeValueLength());
      if (enterToWrite("A link")) {
        try {
          if (links.size() < MAX_LINKS) {
            List<SpanLink> more = new ArrayList<>(links);
            more.add(limited);
            links = Collections.unmodifiableList(more);
          }
        } finally {
          leave();
        }
      }
    }
    return this;
  }

  @Override
  public List<SpanLink> getLinks() {
    STATE.getAcquire(this);
    return links;
  }

  @Override
  public Instant getStartTimestamp() {
    return FinishedSpan.super.getStartTimestamp();
  }

  @Override
  @SuppressWarnings("NullAway") // Null only while the span is open, and not yet a FinishedSpan.
  public @Nullable Instant getEndTimestamp() {
    return hasEnded() ? FinishedSpan.super.getEndTimestamp() : null;
  }

  @Override
  public long getStartMicros() {
    return startMicros;
  }

  @Override
  public long getEndMicros() {
    STATE.getAcquire(this);
    return endMicros;
  }

  @Override
  public boolean hasEnded() {
    return (int) STATE.getAcquire(this) == ENDED;
  }

  @Override
  public void end() {
    endAt(recordedTree().nowMicros());
  }

  @Override
  public void end(@Nullable Instant at) {
    endAt(at == null ? recordedTree().nowMicros() : SpanClock.micros(at));
  }

  private void endAt(long micros) {
    if (!enterToWrite("Another end")) {
      return;
    }
    try {
      endMicros = Math.max(startMicros, micros);
      Scope atStart = scope;
      if (atStart != null) {
        scopeAttributes =
            atStart.mergedAttributes().limitedTo(tree.tracer().maxAttributeValueLength());
      }
    } catch (Throwable failure) {
      // Out of memory or of stack, in our hands by chance: then it is sent without.
      tree.tracer().log().warn("The attributes of the scopes are lost for a span", failure);
    } finally {
      scope = null;
      STATE.setRelease(this, ENDED);
    }
    tree.tracer().ended(this);
    TraceContext.current().dropEnded();
  }

  @Override
  public Map<String, Object> getAttributes() {
    if (!enter()) {
      return attributes.toMap();
    }
    try {
      return attributes.toMap();
    } finally {
      leave();
    }
  }

  @Override
  public long getEstimatedBytes() {
    return SpanSize.of(this, SentAttributes.estimatedBytes(this));
  }

  @Override
  public void forEachAttribute(BiConsumer<? super String, Object> action) {
    SentAttributes.show(this, action);
  }

  /** The shared one that is empty does until there is something to write. */
  private AttributeList ownAttributesToWrite() {
    if (attributes == AttributeList.EMPTY) {
      attributes = new AttributeList();
    }
    return attributes;
  }

  /** What was set on this span; for use after the end. */
  AttributeList ownAttributes() {
    return attributes;
  }

  /** What the scopes held at the end; for use after the end. */
  AttributeList scopeAttributes() {
    return scopeAttributes;
  }

  /** Whether the name is a raw path, which the sampling context must not carry. */
  boolean isNamedByUrl() {
    boolean open = enter();
    try {
      Object own = attributes.get(SentAttributes.NAME_SOURCE);
      AttributeList scopes = scope == null ? scopeAttributes : scope.mergedAttributes();
      return "url".equals(own == null ? scopes.get(SentAttributes.NAME_SOURCE) : own);
    } finally {
      if (open) {
        leave();
      }
    }
  }

  ThreadLabel thread() {
    return thread;
  }
}

package dev.spanstream;

import dev.spanstream.internal.SpanSize;
import dev.spanstream.sink.FinishedSpan;
import dev.spanstream.sink.SpanTree;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An ended span with the name and the attributes that a {@link BeforeSendSpan} gave it. */
final class EditedSpan implements FinishedSpan {
  private final RecordingSpan span;
  private final String name;
  private final AttributeList attributes;

  private EditedSpan(RecordingSpan span, String name, AttributeList attributes) {
    this.span = span;
    this.name = name;
    this.attributes = attributes;
  }

  /** Lets the user edit a copy. Throws what the user's code throws. */
  static FinishedSpan of(RecordingSpan span, BeforeSendSpan editor) {
    SpanEdit edit = new SpanEdit(span);
    editor.edit(edit);
    String name = span.tree.tracer().fitting(edit.getName());
    AttributeList attributes = span.tree.tracer().normalize(edit.getAttributes());
    SentAttributes.removeDemanded(attributes);
    if (span.isServiceSpan()) {
      span.recordedTree().edited(name, "url".equals(attributes.get(SentAttributes.NAME_SOURCE)));
    }
    return new EditedSpan(span, name, attributes);
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public long getEstimatedBytes() {
    return SpanSize.of(this, SentAttributes.demandedBytes(span) + attributes.estimatedBytes());
  }

  @Override
  public void forEachAttribute(BiConsumer<? super String, Object> action) {
    SentAttributes.demanded(span.recordedTree(), action);
    attributes.forEach(
        (key, value) -> {
          if (SentAttributes.mayBeSet(span, key)) {
            action.accept(key, value);
          }
        });
  }

  @Override
  public SpanTree getTree() {
    return span.getTree();
  }

  @Override
  public String getSpanId() {
    return span.getSpanId();
  }

  @Override
  public long getSpanIdBits() {
    return span.getSpanIdBits();
  }

  @Override
  public @Nullable String getParentSpanId() {
    return span.getParentSpanId();
  }

  @Override
  public long getParentSpanIdBits() {
    return span.getParentSpanIdBits();
  }

  @Override
  public SpanStatus getStatus() {
    return span.getStatus();
  }

  @Override
  public boolean isServiceSpan() {
    return span.isServiceSpan();
  }

  @Override
  public long getStartMicros() {
    return span.getStartMicros();
  }

  @Override
  public long getEndMicros() {
    return span.getEndMicros();
  }

  @Override
  public List<SpanLink> getLinks() {
    return span.getLinks();
  }
}

package dev.spanstream.micrometer;

import dev.spanstream.Tracer;
import dev.spanstream.TracerStats;
import dev.spanstream.sink.DropReason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * The accounts of a tracer as meters of Micrometer, for a dashboard or an alarm.
 *
 * <pre>{@code
 * Tracer tracer = Traces.init(options -> ...);
 * new TracerMetrics(tracer).bindTo(registry);
 * }</pre>
 *
 * <p>Counters, in spans: {@code spanstream.spans.started}, {@code .ended}, {@code .sent}, and
 * {@code .dropped} with the tag {@code reason}, such as {@code sample_rate}. Gauges, in spans:
 * {@code spanstream.spans.open}, {@code .buffered}, {@code .spooled}. Counter {@code
 * spanstream.contexts.healed}, of the whole process. What they mean is in {@link TracerStats}.
 *
 * <p>The registry does not keep the tracer alive. Needs {@code micrometer-core} on the class path.
 */
public final class TracerMetrics implements MeterBinder {
  private static final String SPANS = "spanstream.spans.";

  private final Tracer tracer;
  private final Tags tags;

  /**
   * Of a tracer; with several in one process, tell them apart by tags.
   *
   * @param tags keys and values in turn, put on every meter; none by default
   * @throws IllegalArgumentException if a value is missing
   * @throws NullPointerException if there is no tracer
   */
  public TracerMetrics(Tracer tracer, String... tags) {
    this.tracer = Objects.requireNonNull(tracer, "tracer");
    this.tags = Tags.of(tags);
  }

  /** Registers the meters; each of them asks for {@link Tracer#stats()} whenever it is read. */
  @Override
  public void bindTo(MeterRegistry registry) {
    counter(registry, "started", "Spans started", TracerStats::started);
    counter(registry, "ended", "Spans ended", TracerStats::ended);
    counter(registry, "sent", "Spans that the receiver has taken", TracerStats::sent);
    gauge(registry, "open", "Spans started and not yet ended", TracerStats::open);
    gauge(registry, "buffered", "Ended spans in memory", TracerStats::buffered);
    gauge(registry, "spooled", "Ended spans on disk", TracerStats::spooled);
    for (DropReason reason : DropReason.values()) {
      FunctionCounter.builder(SPANS + "dropped", tracer, of -> dropped(of, reason))
          .tags(tags.and("reason", reason.wireName()))
          .description("Ended spans that are lost")
          .register(registry);
    }
    FunctionCounter.builder("spanstream.contexts.healed", tracer, of -> of.stats().healedContexts())
        .tags(tags)
        .description("Threads found in the context of another")
        .register(registry);
  }

  private static double dropped(Tracer tracer, DropReason reason) {
    return tracer.stats().dropped().getOrDefault(reason, 0L);
  }

  private void counter(
      MeterRegistry registry, String name, String what, ToDoubleFunction<TracerStats> value) {
    FunctionCounter.builder(SPANS + name, tracer, of -> value.applyAsDouble(of.stats()))
        .tags(tags)
        .description(what)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, String what, ToDoubleFunction<TracerStats> value) {
    Gauge.builder(SPANS + name, tracer, of -> value.applyAsDouble(of.stats()))
        .tags(tags)
        .description(what)
        .register(registry);
  }
}

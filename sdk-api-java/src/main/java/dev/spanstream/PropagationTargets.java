package dev.spanstream;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Which URLs may get trace headers (sdk/foundations/trace-propagation, "tracePropagationTargets").
 */
final class PropagationTargets {
  private final @Nullable Dsn dsn;
  private final @Nullable List<Predicate<String>> targets;

  PropagationTargets(@Nullable Dsn dsn, @Nullable List<String> targets) {
    this.dsn = dsn;
    if (targets == null) {
      this.targets = null;
      return;
    }
    List<Predicate<String>> predicates = new ArrayList<>();
    for (String target : targets) {
      predicates.add(url -> url.contains(target));
      Pattern pattern = compile(target);
      if (pattern != null) {
        predicates.add(pattern.asPredicate());
      }
    }
    this.targets = predicates;
  }

  private static @Nullable Pattern compile(String target) {
    try {
      return Pattern.compile(target);
    } catch (PatternSyntaxException plainText) {
      return null; // Then it is just a part of a URL.
    }
  }

  /** Whether the URL may get them; one that is null, or that a pattern chokes on, may not. */
  boolean matches(@Nullable String url) {
    if (url == null || isOwnReceiver(url)) {
      return false;
    }
    return targets == null || targets.stream().anyMatch(target -> test(target, url));
  }

  private static boolean test(Predicate<String> target, String url) {
    try {
      return target.test(url);
    } catch (StackOverflowError badPattern) {
      return false;
    }
  }

  boolean isOwnReceiver(String host, int port) {
    return dsn != null && dsn.host().equalsIgnoreCase(host) && dsn.effectivePort() == port;
  }

  private boolean isOwnReceiver(String url) {
    if (dsn == null) {
      return false;
    }
    try {
      URI uri = new URI(url);
      String host = uri.getHost();
      int port = uri.getPort() >= 0 ? uri.getPort() : Dsn.defaultPort(uri.getScheme());
      return host != null && isOwnReceiver(host, port);
    } catch (URISyntaxException e) {
      return url.toLowerCase(Locale.ROOT).contains(dsn.host().toLowerCase(Locale.ROOT));
    }
  }
}

package dev.spanstream;

import org.jspecify.annotations.Nullable;

/**
 * Who a request was made for; sent with every span of the scope as {@code user.id}, {@code
 * user.email}, {@code user.name} and {@code user.ip_address} (sdk/telemetry/spans, "Common
 * Attribute Keys"). What you set here is always sent, whatever {@link
 * TracingOptions#setSendDefaultPii} says. Nulls are left out.
 *
 * <pre>{@code
 * Traces.isolationScope().setUser(User.ofId(account.id()));
 * }</pre>
 *
 * @param id a stable identifier
 * @param email an e-mail address
 * @param username a name
 * @param ipAddress a client address
 */
public record User(
    @Nullable String id,
    @Nullable String email,
    @Nullable String username,
    @Nullable String ipAddress) {

  /** A user of whom only the identifier is known. */
  public static User ofId(String id) {
    return new User(id, null, null, null);
  }

  void addTo(AttributeList attributes) {
    put(attributes, "user.id", id);
    put(attributes, "user.email", email);
    put(attributes, "user.name", username);
    put(attributes, "user.ip_address", ipAddress);
  }

  static void removeFrom(AttributeList attributes) {
    attributes.remove("user.id");
    attributes.remove("user.email");
    attributes.remove("user.name");
    attributes.remove("user.ip_address");
  }

  private static void put(AttributeList attributes, String key, @Nullable String value) {
    if (value != null) {
      attributes.put(key, Text.wellFormed(value));
    }
  }
}

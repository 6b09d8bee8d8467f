package dev.spanstream.samples.snippets.migration;

import java.net.http.HttpRequest;
import java.util.Map;

/** What the examples are about. */
public interface Shop {
  /** What is bought. */
  record Cart(int items, double total) {}

  /** What comes in from a queue. */
  record Message(String body, Map<String, String> headers) {}

  /** Takes the articles off the shelf. */
  void reserve(Cart cart);

  /** Takes the money. */
  void charge(Cart cart);

  /** Does what a message asks for. */
  void handle(Message message);

  /** Brings the price list up to date. */
  void importPrices();

  /** Sends a request. */
  void send(HttpRequest request);
}

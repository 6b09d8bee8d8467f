package dev.spanstream.samples.worker;

/** The card was not charged. */
final class PaymentFailed extends Exception {
  private static final long serialVersionUID = 1L;

  PaymentFailed(String order) {
    super("the card was not charged for " + order);
  }
}

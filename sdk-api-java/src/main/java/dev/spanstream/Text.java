package dev.spanstream;

/** Makes strings fit for the wire. */
final class Text {
  private static final char REPLACEMENT = '\uFFFD';

  private Text() {}

  /** The text as it is sent: cut to so many characters, and well-formed. */
  static String fitting(String text, int maxLength) {
    return wellFormed(cut(text, maxLength));
  }

  /** Replaces halves of surrogate pairs: one of them would cost the whole envelope. */
  static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else {
          return replaceFrom(text, i);
        }
      }
    }
    return text;
  }

  /** Cuts to {@code length} characters, the last of which is then "…". */
  static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = length - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  private static String replaceFrom(String text, int first) {
    char[] chars = text.toCharArray();
    for (int i = first; i < chars.length; i++) {
      if (Character.isHighSurrogate(chars[i])
          && i + 1 < chars.length
          && Character.isLowSurrogate(chars[i + 1])) {
        i++;
      } else if (Character.isSurrogate(chars[i])) {
        chars[i] = REPLACEMENT;
      }
    }
    return new String(chars);
  }
}

package dev.spanstream.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * How this SDK names itself on the wire.
 *
 * <p>For the modules of this project only; may change at any time.
 */
public final class SdkInfo {
  /** The name; the entity {@code sentry} is reserved for Sentry's own SDKs. */
  public static final String NAME = "spanstream.java";

  /** The version of this build. */
  public static final String VERSION = readVersion();

  private SdkInfo() {}

  private static String readVersion() {
    Properties properties = new Properties();
    try (InputStream in = SdkInfo.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      System.getLogger("dev.spanstream").log(System.Logger.Level.WARNING, "No version", e);
    }
    return properties.getProperty("version", "unknown");
  }
}

package kotlinx.coroutines;

import java.util.concurrent.CancellationException;

/** Stands in for the real one, which this module must not depend on: it is known by its name. */
public class TimeoutCancellationException extends CancellationException {
  private static final long serialVersionUID = 1;
}

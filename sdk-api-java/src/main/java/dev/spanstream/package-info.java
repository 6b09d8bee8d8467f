/**
 * The tracing model. Start at {@link dev.spanstream.Traces}, the door for applications; libraries
 * and tests use a {@link dev.spanstream.Tracer} of their own.
 */
@NullMarked
package dev.spanstream;

import org.jspecify.annotations.NullMarked;

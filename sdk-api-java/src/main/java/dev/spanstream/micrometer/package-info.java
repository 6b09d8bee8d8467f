/** The accounts of a tracer as meters; needs Micrometer. */
@NullMarked
package dev.spanstream.micrometer;

import org.jspecify.annotations.NullMarked;

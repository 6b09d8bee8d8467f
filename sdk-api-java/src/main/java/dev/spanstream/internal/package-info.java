/**
 * For the modules of this project only: exported to {@code dev.spanstream.coroutines} and {@code
 * dev.spanstream.ktor}, and liable to change at any time.
 */
@NullMarked
package dev.spanstream.internal;

import org.jspecify.annotations.NullMarked;

/** The ids of the active span in the log. Needs SLF4J, which nothing else here does. */
@NullMarked
package dev.spanstream.slf4j;

import org.jspecify.annotations.NullMarked;

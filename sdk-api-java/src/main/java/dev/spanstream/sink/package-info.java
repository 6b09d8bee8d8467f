/** Where ended spans go: implement {@link dev.spanstream.sink.SpanSink} to take them yourself. */
@NullMarked
package dev.spanstream.sink;

import org.jspecify.annotations.NullMarked;

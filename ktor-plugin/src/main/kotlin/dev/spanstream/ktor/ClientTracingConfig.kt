package dev.spanstream.ktor

import dev.spanstream.Tracer

/** What [ClientTracing] may be told. */
public class ClientTracingConfig internal constructor() {
    /** The tracer of the spans. Default: the one of `initTracing`, whenever it is made. */
    public var tracer: Tracer? = null
}

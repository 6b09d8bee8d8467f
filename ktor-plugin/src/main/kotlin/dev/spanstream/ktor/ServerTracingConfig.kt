package dev.spanstream.ktor

import dev.spanstream.Tracer

/** What [ServerTracing] may be told. */
public class ServerTracingConfig internal constructor() {
    /** The tracer of the service spans. Default: the one of `initTracing`, whenever it is made. */
    public var tracer: Tracer? = null
}

package dev.spanstream.samples.inbox

/** Attribute names that an SDK should not send: those that Sentry's conventions replaced, and those that Relay owns. */
internal object AttributeNames {
    private val SUCCESSORS: Map<String, String> = mapOf(
        "sentry.span.source" to "sentry.segment.name.source",
        "sentry.source" to "sentry.segment.name.source",
        "sentry.transaction" to "sentry.segment.name",
        "transaction" to "sentry.segment.name",
        "sentry.segment_id" to "sentry.segment.id",
        "release" to "sentry.release",
        "environment" to "sentry.environment",
        "dist" to "sentry.dist",
        "sentry.user.id" to "user.id",
        "sentry.user.email" to "user.email",
        "sentry.user.username" to "user.name",
        "sentry.user.ip" to "user.ip_address",
        "sentry.thread.id" to "thread.id",
        "server_name" to "server.address",
        "address" to "server.address",
        "http.host" to "server.address",
        "http.server_name" to "server.address",
        "net.peer.name" to "server.address",
        "net.host.name" to "server.address",
        "port" to "server.port",
        "method" to "http.request.method",
        "http.method" to "http.request.method",
        "http.request_method" to "http.request.method",
        "http.status_code" to "http.response.status_code",
        "url" to "url.full",
        "http.url" to "url.full",
        "http.target" to "url.path",
        "http.scheme" to "url.scheme",
        "route" to "http.route",
        "http.flavor" to "network.protocol.version",
        "net.protocol.version" to "network.protocol.version",
        "http.client_ip" to "client.address",
        "http.user_agent" to "user_agent.original",
        "http.response_content_length" to "http.response.body.size",
        "http.response_transfer_size" to "http.response.size",
        "runtime.name" to "process.runtime.name",
        "runtime.version" to "process.runtime.version",
        "runtime.raw_description" to "process.runtime.description",
        "code.filepath" to "code.file.path",
        "code.lineno" to "code.line.number",
        "db.system" to "db.system.name",
        "db.name" to "db.namespace",
        "db.operation" to "db.operation.name",
        "db.statement" to "db.query.text",
        "otel.kind" to "sentry.kind",
    )

    private val RELAYS_OWN = setOf(
        "sentry.category",
        "sentry.description",
        "sentry.client_sample_rate",
        "sentry.server_sample_rate",
        "sentry.observed_timestamp_nanos",
    )

    /** The name to use instead of [name], or null if [name] is in use. */
    fun successorOf(name: String): String? = when {
        name.startsWith("sentry.browser.") -> name.removePrefix("sentry.")
        name.startsWith("net.") && name.endsWith(".port") -> "server.port"
        else -> SUCCESSORS[name]
    }

    fun isOwnedByRelay(name: String): Boolean = name in RELAYS_OWN || name.startsWith("sentry.dsc.")
}

package dev.spanstream.samples.inbox

/** Where an SDK sends to reach an inbox. The key and the project never change, so a DSN can stand in a config file. */
internal object InboxDsn {
    const val PUBLIC_KEY: String = "1b0c5a11c0ffee00000000000000cafe"
    const val PROJECT_ID: String = "1"
    private val EVERY_ADDRESS = setOf("0.0.0.0", "::", "[::]")

    fun of(host: String, port: Int): String = "http://$PUBLIC_KEY@${address(host, port)}/$PROJECT_ID"

    fun pageUrl(host: String, port: Int): String = "http://${address(host, port)}/"

    private fun address(host: String, port: Int): String {
        val reachable = if (host in EVERY_ADDRESS) "127.0.0.1" else host
        val bracketed = if (':' in reachable && !reachable.startsWith("[")) "[$reachable]" else reachable
        return "$bracketed:$port"
    }
}

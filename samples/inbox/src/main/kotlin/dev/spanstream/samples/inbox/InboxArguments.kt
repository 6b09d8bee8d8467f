package dev.spanstream.samples.inbox

/** The command line of the runnable inbox. */
internal class InboxArguments private constructor(
    val port: Int,
    val host: String,
    val quiet: Boolean,
) {
    internal companion object {
        const val USAGE: String = "Usage: inbox [--port 8969] [--host 127.0.0.1] [--quiet]"
        private const val DEFAULT_PORT = 8969
        private const val MAX_PORT = 65_535

        /** @throws IllegalArgumentException with a message for the user */
        fun parse(args: Array<String>): InboxArguments {
            val rest = ArrayDeque(args.flatMap { it.split('=', limit = 2) })
            var port = DEFAULT_PORT
            var host = "127.0.0.1"
            var quiet = false
            while (rest.isNotEmpty()) {
                when (val option = rest.removeFirst()) {
                    "--port" -> port = port(rest.removeFirstOrNull())
                    "--host" -> host = requireNotNull(rest.removeFirstOrNull()) { "--host needs a value" }
                    "--quiet" -> quiet = true
                    else -> throw IllegalArgumentException("Unknown option: $option")
                }
            }
            return InboxArguments(port, host, quiet)
        }

        private fun port(text: String?): Int {
            val port = text?.toIntOrNull()?.takeIf { it in 0..MAX_PORT }
            return requireNotNull(port) { "--port needs a number up to $MAX_PORT" }
        }
    }
}

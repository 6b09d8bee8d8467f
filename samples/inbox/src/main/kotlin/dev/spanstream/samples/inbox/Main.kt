package dev.spanstream.samples.inbox

import java.io.PrintStream
import kotlin.system.exitProcess

/** Runs an inbox until the process is stopped; see [InboxArguments] for what [args] may be. */
public fun main(args: Array<String>) {
    val arguments = try {
        InboxArguments.parse(args)
    } catch (e: IllegalArgumentException) {
        System.err.println("${e.message}\n${InboxArguments.USAGE}")
        exitProcess(2)
    }
    if (System.getProperty("logback.configurationFile") == null) {
        System.setProperty("logback.configurationFile", "inbox-logback.xml")
    }
    val terminal = PrintStream(System.out, true, Charsets.UTF_8)
    val inbox = Inbox.start(arguments.port, arguments.host) {
        if (!arguments.quiet) print = terminal::println
    }
    Runtime.getRuntime().addShutdownHook(Thread(inbox::close))
    terminal.println("Listening. DSN: ${inbox.dsn}")
    terminal.println("Page: ${inbox.pageUrl}")
    Thread.currentThread().join()
}

package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.core.test.Enabled
import io.kotest.core.test.EnabledOrReasonIf
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import java.io.File
import kotlin.time.Duration.Companion.seconds

/** Sentry's own SDK for Node.js sends to the inbox. Run with `-Pnode`; it needs Node.js and npm. */
class NodeSdkTest : StringSpec({
    "what the SDK for Node.js streams is accepted, and nests".config(enabledOrReasonIf = nodeIsWanted) {
        val folder = File("target/node").apply { deleteRecursively() }
        File("src/test/node").copyRecursively(folder)
        Inbox.start().use { inbox ->
            run(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
            run(folder, "node", "app.mjs", inbox.dsn)
            val trace = inbox.awaitTrace(60.seconds) { it.spans.size == 3 }
            inbox.rejections().shouldBeEmpty()
            trace.roots.map { it.name } shouldBe listOf("nightly import")
            trace.childrenOf(trace.roots.single()).map { it.name to it.status } shouldBe
                listOf("read file" to "ok", "store rows" to "error")
            Lab(inbox).get("/traces").body().contains("\"name\":\"nightly import\"") shouldBe true
        }
    }
})

private val nodeIsWanted: EnabledOrReasonIf = { test ->
    val reason = when {
        System.getProperty("inbox.node") != "true" -> "the profile is off: mvn -Pnode -pl samples/inbox verify"

        listOf("NODE" to "node", "NPM" to "npm").any {
            Programs.find(it.first, it.second) == null
        } -> "Node.js with npm is not installed"

        else -> null
    }
    if (reason != null) System.err.println("SKIPPED '${test.name.name}': $reason")
    if (reason == null) Enabled.enabled else Enabled.disabled(reason)
}

private fun run(folder: File, vararg command: String) {
    val process = ProcessBuilder(*command).directory(folder).redirectErrorStream(true).start()
    val said = process.inputStream.bufferedReader().readText()
    check(process.waitFor() == 0) { "${command.joinToString(" ")} failed:\n$said" }
}

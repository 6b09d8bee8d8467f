package dev.spanstream.ktor.probe

import dev.spanstream.internal.ContextDoor
import kotlin.system.exitProcess

/**
 * Puts one engine under load, in whatever versions are on the class path, and prints what was seen as a
 * row of the table in `docs/COMPATIBILITY.md`. `src/probe/run` runs it for each cell of that table.
 */
fun main(args: Array<String>) {
    val (engine, requests) = args
    // Before the other modules open the door.
    val door = WatchedDoor(ContextDoor.open())
    ContextDoor.set(door)
    val load = Load(door, engine)
    try {
        val alone = load.run(requests.toInt(), neighbour = false)
        val beside = load.run(requests.toInt(), neighbour = true)
        println(row(alone, beside))
        exitProcess(if (alone.isRight && beside.isRight) 0 else 1)
    } catch (missing: LinkageError) {
        val name = missing.message
            .orEmpty()
            .substringBefore('(')
            .substringAfterLast(' ')
        val caller = missing.stackTrace.first().className
        println("does not run: `$name`, which `$caller` calls, is missing")
        exitProcess(if (caller.startsWith("io.ktor.")) 0 else 1)
    }
}

private fun row(alone: Findings, beside: Findings): String =
    listOf(
        alone.updates + beside.updates,
        alone.updates + beside.updates - alone.restores - beside.restores,
        alone.dirty,
        beside.dirty,
        alone.healed + beside.healed,
        alone.foreign + beside.foreign,
        alone.spans + beside.spans,
        alone.lost + beside.lost,
        alone.wrong + beside.wrong,
    ).joinToString(" | ")

/**
 * What was seen in one round.
 *
 * @property updates of a thread's context; each should be followed by one of the [restores]
 * @property dirty requests whose thread pointed to the context of somebody else
 * @property healed what the tracer says of that
 * @property foreign requests at whose start plain code would have found a span to be active
 * @property lost spans that did not arrive
 * @property wrong spans in the trace of another request, or under another parent than they should be
 */
class Findings(
    val updates: Long,
    val restores: Long,
    val dirty: Long,
    val healed: Long,
    val foreign: Long,
    val spans: Int,
    val lost: Int,
    val wrong: Int,
) {
    /** Threads may be left dirty, but no span may suffer from it. */
    val isRight: Boolean get() = foreign == 0L && lost == 0 && wrong == 0
}

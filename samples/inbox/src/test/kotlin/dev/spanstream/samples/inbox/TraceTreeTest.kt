package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class TraceTreeTest : StringSpec({
    val base = Lab.NOW.epochSecond - 1

    /** Starts [from] milliseconds after the base. */
    fun node(
        number: Int,
        name: String,
        parent: Int?,
        from: Int,
        millis: Int,
        vararg more: Pair<String, String?>,
    ) = numbered(
        number,
        "name" to "\"$name\"",
        "parent_span_id" to parent?.let { "\"${id(it)}\"" },
        "is_segment" to "${parent == null}",
        "start_timestamp" to "%d.%03d".format(base, from),
        "end_timestamp" to "%d.%03d".format(base, from + millis),
        *more,
    )

    val service = attributes(
        "sentry.release" to """{"type":"string","value":"shop@1.4.2"}""",
        "sentry.environment" to """{"type":"string","value":"production"}""",
    )

    "a trace is drawn with names, durations, errors and services, children by start" {
        Lab.run {
            send(
                node(4, "price order", 1, 50, 20),
                node(3, "SELECT orders", 2, 12, 8, "status" to "\"error\""),
                node(2, "load order", 1, 10, 12),
                node(1, "GET /orders/{id}", null, 0, 74, service),
            )
            inbox.trace(TRACE)?.tree() shouldBe
                """
                trace $TRACE: 4 spans in 74ms
                ✓ GET /orders/{id} 74ms [shop@1.4.2 production]
                ├─ ✓ load order 12ms
                │  └─ ✗ SELECT orders 8ms error
                └─ ✓ price order 20ms
                """.trimIndent()
        }
    }

    "an outline is drawn without what differs from run to run" {
        Lab.run {
            val named = attributes("service.name" to """{"type":"string","value":"shop"}""")
            send(
                node(3, "SELECT orders", 2, 12, 8, "status" to "\"error\""),
                node(2, "load order", 1, 10, 12),
                node(1, "GET /orders/{id}", null, 0, 74, named),
            )
            inbox.trace(TRACE)?.outline() shouldBe
                """
                ✓ GET /orders/{id} [shop]
                └─ ✓ load order
                   └─ ✗ SELECT orders error
                """.trimIndent()
        }
    }

    "a span whose parent is missing is drawn as an orphan, a service span is not" {
        Lab.run {
            send(node(2, "lost", 9, 0, 1), node(3, "other service", 8, 1, 1, "is_segment" to "true"))
            val trace = inbox.awaitTrace { it.spans.size == 2 }
            trace.orphans.map { it.name } shouldContainExactly listOf("lost")
            trace.roots.map { it.name } shouldContainExactly listOf("lost", "other service")
            trace.serviceSpans.map { it.name } shouldContainExactly listOf("other service")
            trace.tree() shouldBe
                "trace $TRACE: 2 spans in 2ms\norphan of ${id(9)}: ✓ lost 1ms\n✓ other service 1ms"
        }
    }

    "children are found, and the children of a leaf are none" {
        Lab.run {
            send(node(1, "root", null, 0, 9), node(3, "second", 1, 5, 1), node(2, "first", 1, 1, 1))
            val trace = inbox.awaitTrace { it.spans.size == 3 }
            trace.childrenOf(trace.roots.single()).map { it.name } shouldContainExactly listOf("first", "second")
            trace.childrenOf(trace.childrenOf(trace.roots.single()).first()).shouldBeEmpty()
        }
    }

    "a ring of parents is drawn once" {
        Lab.run {
            send(node(1, "a", 2, 0, 1), node(2, "b", 1, 0, 1), node(3, "self", 3, 0, 1))
            val tree = inbox.trace(TRACE)?.tree().orEmpty()
            tree.lines().size shouldBe 4
            tree shouldContain "ring of parents: ✓ a 1ms\n└─ ✓ b 1ms"
        }
    }

    "a chain of 20000 spans is drawn without overflow" {
        Lab.run {
            send(*Array(20_000) { node(it + 1, "n", it.takeIf { parent -> parent > 0 }, 0, 1) })
            inbox
                .trace(TRACE)
                ?.tree()
                .orEmpty()
                .lines()
                .size shouldBe 20_001
        }
    }

    "a name cannot write to the terminal" {
        Lab.run {
            send(node(1, "\\u001b[2Jgone\\nnext", null, 0, 1))
            inbox.trace(TRACE)?.tree().orEmpty() shouldContain "✓ ·[2Jgone·next 1ms"
        }
    }
})

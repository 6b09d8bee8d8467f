package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration

// One long file because it is one page in one browser, which takes long to start.

/** The page in a real browser: what a developer sees and does. */
class PageTest : StringSpec({
    lateinit var browser: Browser
    beforeSpec { if (Browser.isHere) browser = Browser.start() }
    afterSpec { if (Browser.isHere) browser.close() }

    fun test(name: String, body: suspend Lab.(Browser) -> Unit) {
        name.config(enabledOrReasonIf = Browser.needed) {
            Lab.run {
                // What an earlier test left behind is not this one's.
                browser.open("about:blank")
                browser.complaints()
                browser.look(width = 1440, height = 900, isDark = false)
                browser.open(inbox.pageUrl)
                browser.await("a connection") { isVisible("#live.on") }
                body(browser)
                browser.complaints().shouldBeEmpty()
                // Leaves before the inbox closes, of which a page complains.
                browser.open("about:blank")
            }
        }
    }

    test("a trace appears while it runs, and takes its place in the tree when its parents end") { page ->
        send(child(3, of = 2, "name" to "\"query\""))
        page.find(".trace-row .badge.run").text shouldBe "running"
        page.click(".trace-row")
        page.await("the child below what still runs") {
            spans() == listOf(
                ShownSpan(1, "service span still running"),
                ShownSpan(2, "parent still running"),
                ShownSpan(3, "query"),
            )
        }
        send(child(2, of = 1, "name" to "\"reserve\""))
        page.await("the parent") { spans().drop(1) == listOf(ShownSpan(2, "reserve"), ShownSpan(3, "query")) }
        send(root("name" to "\"POST /orders\""))
        page.await("the whole tree") {
            spans() == listOf(ShownSpan(1, "POST /orders"), ShownSpan(2, "reserve"), ShownSpan(3, "query"))
        }
        page.isVisible(".badge.run") shouldBe false
    }

    test("a failed span is marked, and its details have every attribute") { page ->
        val answer = attributes(
            "http.response.status_code" to """{"type":"integer","value":503}""",
            "retries" to """{"type":"array","value":["1 s","2 s"]}""",
        )
        send(root(), child(2, of = 1, "status" to "\"error\"", "name" to "\"GET /stock\"", answer))
        page.find(".trace-row .badge.bad").text shouldBe "1 error"
        page.click(".trace-row")
        page.await("the error") { spans().lastOrNull() == ShownSpan(2, "GET /stock", isError = true) }
        page.press("e")
        page.find(".details .badge.bad").text shouldBe "error"
        val details = page.text(".details")
        listOf("http.response.status_code", "503", "retries", "[1 s, 2 s]", "sentry.segment.id", id(2))
            .forEach { details shouldContain it }
    }

    test("a link leads to the linked span of another trace") { page ->
        val other = "0af7651916cd43dd8448eb211c80319c"
        val inOther = "trace_id" to "\"$other\""
        send(numbered(7, inOther, "name" to "\"produce\""), trace = DSC.replace(TRACE, other))
        send(root("links" to """[{"trace_id":"$other","span_id":"${id(7)}"}]"""))
        page.open("${inbox.pageUrl}#/trace/$TRACE/${id(1)}")
        page.click(".details .links a")
        page.await("the other trace") { spans() == listOf(ShownSpan(1, "produce")) }
        page.await("the details of its span") { text(".details h2") == "produce" }
        page.run("return location.hash") shouldBe "#/trace/$other/${id(7)}"
        page.run("history.back()")
        page.await("the way back") { text(".details h2") == "some op" }
    }

    test("a link to a span that has not arrived says so, and selects it when it comes") { page ->
        send(root("links" to """[{"trace_id":"$TRACE","span_id":"${id(2)}"}]"""))
        page.open("${inbox.pageUrl}#/trace/$TRACE/${id(1)}")
        page.click(".details .links a")
        page.await("the message") { text("#message") == "Span ${id(2)} is not here." }
        send(child(2, of = 1, "name" to "\"linked\""))
        page.await("the details of the linked span") { text(".details h2") == "linked" }
    }

    test("traces are searched by attribute, and filtered by errors and service") { page ->
        listOf("shop", "stock", "billing").forEachIndexed { number, service ->
            val trace = (number + 1).toString().repeat(32)
            val error = "status" to if (service == "stock") "\"error\"" else "\"ok\""
            val named = attributes("service.name" to """{"type":"string","value":"$service"}""")
            val span = numbered(number + 1, "trace_id" to "\"$trace\"", "name" to "\"run $service\"", error, named)
            send(span, trace = DSC.replace(TRACE, trace))
        }

        fun Browser.names() = run(
            "return [...document.querySelectorAll('.trace-row:not([hidden]) .name')]" +
                ".map((name) => name.textContent).sort()",
        )
        page.await("all traces") { names() == listOf("run billing", "run shop", "run stock") }
        page.type("#query", "BILL")
        page.await("the match") { names() == listOf("run billing") }
        page.type("#query", "nothing at all")
        page.await("no match") { names() == emptyList<String>() }
        page.press(Browser.ESCAPE)
        page.run("const q = document.querySelector('#query'); q.value = ''; q.dispatchEvent(new Event('input'))")
        page.await("all traces again") { names() == listOf("run billing", "run shop", "run stock") }
        page.click("#failed")
        page.await("the failed one") { names() == listOf("run stock") }
        page.click("#failed")
        page.click("#service option[value=shop]")
        page.await("those of the service") { names() == listOf("run shop") }
    }

    test("what comes too late and what has no parent is marked") { page ->
        send(root())
        clock.pass(Duration.ofSeconds(61))
        send(child(3, of = 2, "name" to "\"lost\""))
        page.find(".trace-row .badge.warn").text shouldBe "1 late"
        page.click(".trace-row")
        page.await("the marks") { spans().lastOrNull() == ShownSpan(3, "lost", notes = listOf("orphan", "late")) }
        page.await("what is missing") { spans().getOrNull(1)?.name == "parent ${id(2)} is missing" }
    }

    test("a trace whose service span never came is incomplete") { page ->
        send(child(2, of = 1))
        page.find(".trace-row .badge.run")
        clock.pass(Duration.ofSeconds(61))
        page.open("${inbox.pageUrl}?again#/trace/$TRACE")
        page.await("its state") { text("#state") == "incomplete" }
        page.await("the orphan") { spans().lastOrNull()?.notes == listOf("orphan") }
    }

    test("losses are shown with reason, field and cause, and what clients dropped with its meaning") { page ->
        send(numbered(1, "name" to null), numbered(2, "extra" to "1"))
        post("{}\n" + item(DROPPED, null, null, "client_report"))
        page.await("the numbers") { text("#numbers").let { "1 rejected" in it && "7 dropped by clients" in it } }
        page.press("g")
        page.await("the panel") { text("#findings").contains("queue_overflow") }
        val panel = page.text("#findings")
        listOf(
            "no_data",
            "name is not a string: missing",
            "the queue of the SDK was full",
            "field 'extra' is not part of a span",
        ).forEach { panel shouldContain it }
        page.text("#findings td:nth-child(3) code") shouldBe "name"
    }

    test("the details stay as they are while the trace grows") { page ->
        send(root(), child(2, of = 1))
        page.open("${inbox.pageUrl}#/trace/$TRACE/${id(2)}")
        page.find(".details h2")
        page.run("document.querySelector('.details h2').isTheSame = true")
        send(child(3, of = 2))
        page.await("the new span") { spans().size == 3 }
        page.run("return document.querySelector('.details h2').isTheSame") shouldBe true
        page.run("return document.querySelector('.span-row.selected').dataset.span") shouldBe id(2)
    }

    test("spans that are each other's parents are all shown, once") { page ->
        send(
            child(2, of = 3, "name" to "\"a\""),
            child(3, of = 2, "name" to "\"b\""),
            child(
                4,
                of = 4,
                "name" to "\"c\"",
            ),
        )
        page.click(".trace-row")
        page.await("the rings") {
            spans() == listOf(
                ShownSpan(1, "a", notes = listOf("ring of parents")),
                ShownSpan(2, "b"),
                ShownSpan(1, "c", notes = listOf("ring of parents")),
            )
        }
    }

    test("every list can be walked, folded and left by keys") { page ->
        send(root(), child(2, of = 1), child(3, of = 2))
        page.find(".trace-row")
        page.press("j", Browser.ENTER)
        page.await("the open trace") { spans().size == 3 }
        page.press("j", "j", Browser.LEFT)
        page.await("the fold") { spans().lastOrNull() == ShownSpan(2, "some op", notes = listOf("1 inside")) }
        page.press(Browser.RIGHT, Browser.RIGHT)
        page.await("the first child") { text(".details").contains(id(3)) }
        page.press("/", "some", Browser.ENTER)
        page.await("the next match") {
            text("#found") == "3 matches" &&
                run("return location.hash").toString().endsWith(id(1))
        }
        page.press(Browser.ESCAPE, Browser.ESCAPE)
        page.await("the closed details") { !isVisible(".details") }
        page.press(Browser.ESCAPE)
        page.await("the list") { !isVisible("#trace") }
        page.press("?")
        page.await("the help") { isVisible("#keys") }
    }

    test("twenty thousand spans are a screen full of rows, and the last one is a key away") { page ->
        (1..20).forEach { thousand ->
            val spans = (1..1_000).map {
                child(
                    thousand * 1_000 + it,
                    of = thousand * 1_000,
                    "name" to "\"n$thousand-$it\"",
                )
            }
            send(*spans.toTypedArray())
        }
        page.open("${inbox.pageUrl}#/trace/$TRACE")
        page.await("the first rows") { spans().size > 10 && text("#facts").contains("20,000 spans") }
        page.press(Browser.END)
        page.await("the last row") { spans().lastOrNull()?.name == "n20-1000" }
        page.spans().size shouldBeLessThan 100
        page.type("#find", "n7-77")
        page.await("the matches") { text("#found") == "11 matches" }
        page.press(Browser.ENTER)
        page.await("the first match") { text(".details h2") == "n7-77" && spans().any { it.name == "n7-77" } }
    }

    test("an exported trace is imported by the page") { page ->
        send(root(), child(2, of = 1))
        val file = kotlin.io.path
            .createTempFile("trace", ".json")
            .toFile()
        file.writeText(get("/traces/$TRACE/export").body())
        inbox.clear()
        page.await("an empty list") { !isVisible(".trace-row") }
        page.upload("#import", file)
        page.await("the trace") { spans() == listOf(ShownSpan(1, "some op"), ShownSpan(2, "some op")) }
        file.delete()
    }

    test("a name that is a script is text, wherever it stands") { page ->
        val evil = "<img src=x onerror=hacked=1><script>hacked=1</script>"
        val quoted = "\"${evil.replace("\"", "\\\"")}\""
        val everywhere = attributes(
            "service.name" to """{"type":"string","value":$quoted}""",
            "sentry.op" to """{"type":"string","value":$quoted}""",
            evil to """{"type":"string","value":$quoted}""",
        )
        send(root("name" to quoted, "status" to quoted, everywhere), numbered(9, "name" to null, evil to "1"))
        post("{}\n" + item(DROPPED.replace("queue_overflow", evil), null, null, "client_report"))
        page.await("the name") { text(".trace-row .name") == evil }
        page.click(".trace-row")
        page.await("the row") { spans() == listOf(ShownSpan(1, evil, isError = true)) }
        page.press("j")
        page.await("the details") { text(".details h2") == evil }
        page.press("g")
        page.await("the panel") { text("#findings").contains(evil) }
        page.run("return document.querySelectorAll('main img, main script').length") shouldBe 0L
        page.run("return typeof hacked") shouldBe "undefined"
    }

    test("the page follows the user's preference for dark or light") { page ->
        fun back() = page.run("return getComputedStyle(document.body).backgroundColor")
        val light = back()
        page.look(width = 820, height = 1100, isDark = true)
        back() shouldNotBe light
    }
})

private const val DROPPED = """{"discarded_events":[{"reason":"queue_overflow","category":"span","quantity":7}]}"""

private val IN_ROOT =
    REQUIRED_ATTRIBUTES.replace(SPAN, id(1))

private fun root(vararg changes: Pair<String, String?>) = numbered(1, "attributes" to "{$IN_ROOT}", *changes)

/** A span below [of], in the part of the trace whose service span is number 1. */
private fun child(number: Int, of: Int, vararg changes: Pair<String, String?>) = numbered(
    number,
    "parent_span_id" to "\"${id(of)}\"",
    "is_segment" to "false",
    "attributes" to "{$IN_ROOT}",
    *changes,
)

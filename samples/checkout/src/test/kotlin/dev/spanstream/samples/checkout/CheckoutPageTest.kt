package dev.spanstream.samples.checkout

import dev.spanstream.Traces
import dev.spanstream.coroutines.initTracing
import dev.spanstream.coroutines.withSpan
import dev.spanstream.samples.inbox.Browser
import dev.spanstream.samples.inbox.Inbox
import dev.spanstream.samples.inbox.ShownSpan
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import java.io.File
import java.time.Duration

/** What somebody who tries the sample sees in the inbox, in a real browser. */
class CheckoutPageTest :
    FunSpec({
        context("the page of the inbox") {
            test("an order appears while it runs, nests through both services, and shows what failed")
                .config(enabledOrReasonIf = Browser.needed) {
                    sample { inbox, driver, page ->
                        page.open(inbox.pageUrl)
                        withSpan("place order") {
                            withSpan("choose article") { }
                            driver.orderOne(SOLD_OUT, Traces.traceHeaders())
                            Traces.flush(TIMEOUT) shouldBe true
                            page.click(".trace-row:has(.badge.run)")
                            page.await("the order below what still runs") {
                                spans().map { it.level } == ORDER.map { it.level } &&
                                    spans().first().name == "service span still running"
                            }
                        }
                        Traces.flush(TIMEOUT) shouldBe true
                        page.await("the whole order") { spans().firstOrNull()?.name == "place order" }
                        page.spans().map { it.copy(name = it.name.replace(Regex("http://[^/]*"), "")) } shouldBe ORDER
                        page.press("e")
                        page.await("the details of the first failure") {
                            text(".details h2") == "POST /checkout/{article}" && "409" in text(".details")
                        }
                        page.complaints().shouldBeEmpty()
                    }
                }

            test("an order is found by the article that it is for").config(enabledOrReasonIf = Browser.needed) {
                sample { inbox, driver, page ->
                    driver.orderOne(BOOK)
                    driver.orderOne(UNICORN)
                    Traces.flush(TIMEOUT) shouldBe true
                    page.open(inbox.pageUrl)
                    page.await("both orders") { text("#shown") == "2 traces" }
                    page.type("#query", "unicorn")
                    page.await("the one") { text("#shown") == "1 trace" }
                    page.click(".trace-row")
                    page.await("its failure") { spans().any { it == ShownSpan(3, "price order", isError = true) } }
                }
            }

            test("it is readable in every size and light").config(enabledOrReasonIf = Browser.needed) {
                sample { inbox, driver, page ->
                    repeat(ORDERS) { driver.orderOne(it) }
                    Traces.flush(TIMEOUT) shouldBe true
                    val failed = inbox.traces().last { trace -> trace.spans.count { it.status == "error" } == 3 }
                    for ((width, height) in listOf(1280 to 640, 820 to 1100)) {
                        for (isDark in listOf(false, true)) {
                            page.look(width, height, isDark)
                            page.open("${inbox.pageUrl}?$width$isDark#/trace/${failed.traceId}")
                            page.await("the trace") { spans().size == failed.spans.size }
                            page.run("return document.documentElement.scrollWidth") shouldBe width.toLong()
                            page.screenshot(File("target/screenshots/$width-${if (isDark) "dark" else "light"}.png"))
                        }
                    }
                }
            }
        }
    })

private val TIMEOUT: Duration = Duration.ofSeconds(60)
private const val BOOK = 0
private const val SOLD_OUT = 2
private const val UNICORN = 4
private const val ORDERS = 12

private val ORDER =
    listOf(
        ShownSpan(1, "place order"),
        ShownSpan(2, "choose article"),
        ShownSpan(2, "POST /checkout/{article}", isError = true),
        ShownSpan(3, "check out"),
        ShownSpan(4, "reserve stock"),
        ShownSpan(5, "GET /articles/lamp/reservation", isError = true),
        ShownSpan(6, "GET /articles/{article}/reservation", isError = true),
        ShownSpan(7, "query shelf"),
        ShownSpan(4, "price order"),
        ShownSpan(5, "look up price"),
        ShownSpan(6, "add tax"),
    )

/** Runs the sample against an inbox of its own, with a browser to look at it. */
private suspend fun sample(test: suspend (Inbox, Driver, Browser) -> Unit) {
    Inbox.start().use { inbox ->
        initTracing {
            dsn = inbox.dsn
            tracesSampleRate = 1.0
        }
        Checkout().use { checkout ->
            Driver(checkout.storefrontUrl).use { driver ->
                Browser.start().use { page -> test(inbox, driver, page) }
            }
        }
        Traces.close()
    }
}

package dev.spanstream.samples.inbox

import io.kotest.core.test.Enabled
import io.kotest.core.test.EnabledOrReasonIf
import org.openqa.selenium.By
import org.openqa.selenium.Keys
import org.openqa.selenium.OutputType
import org.openqa.selenium.StaleElementReferenceException
import org.openqa.selenium.WebElement
import org.openqa.selenium.chrome.ChromeDriver
import org.openqa.selenium.chrome.ChromeDriverService
import org.openqa.selenium.chrome.ChromeOptions
import org.openqa.selenium.logging.LogType
import org.openqa.selenium.logging.LoggingPreferences
import org.openqa.selenium.support.ui.WebDriverWait
import java.io.File
import java.time.Duration
import java.util.logging.Level

/**
 * A headless Chromium that looks at the page of an inbox. It is the one that is installed, or the one that the variables
 * `CHROMIUM` and `CHROMEDRIVER` name; nothing is downloaded.
 */
class Browser private constructor(
    private val driver: ChromeDriver,
) : AutoCloseable {
    fun open(url: String): Unit = driver.get(url)

    /** The size of the page, and whether the user prefers it dark. */
    fun look(width: Int, height: Int, isDark: Boolean) {
        val size = mapOf("width" to width, "height" to height, "deviceScaleFactor" to 1, "mobile" to false)
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride", size)
        val scheme = mapOf("name" to "prefers-color-scheme", "value" to if (isDark) "dark" else "light")
        driver.executeCdpCommand("Emulation.setEmulatedMedia", mapOf("features" to listOf(scheme)))
    }

    /** Waits until [isSo]; [what] names it in the error. */
    fun await(what: String, isSo: Browser.() -> Boolean) {
        until(what) { if (isSo()) this else null }
    }

    /** Waits until an element is there and visible. */
    fun find(css: String): WebElement =
        until("'$css'") { driver.findElements(By.cssSelector(css)).firstOrNull { it.isDisplayed } }

    fun isVisible(css: String): Boolean = driver.findElements(By.cssSelector(css)).any { it.isDisplayed }

    fun click(css: String) {
        await("a click on '$css'") {
            find(css).click()
            true
        }
    }

    fun text(css: String): String = driver.findElements(By.cssSelector(css)).joinToString("\n") { it.text }

    fun type(css: String, text: String) {
        find(css).apply { clear() }.sendKeys(text)
    }

    fun upload(css: String, file: File): Unit = driver.findElement(By.cssSelector(css)).sendKeys(file.path)

    /** Presses a key wherever the focus is. */
    fun press(vararg keys: CharSequence) {
        keys.forEach { driver.switchTo().activeElement().sendKeys(it) }
    }

    fun run(script: String): Any? = driver.executeScript(script)

    /** The rows of the waterfall that are in sight. */
    fun spans(): List<ShownSpan> = (run(ShownSpan.SCRIPT) as List<*>).map { ShownSpan.of(it as Map<*, *>) }

    /** What the browser complains about: scripts that fail, what the policy of the page forbids. */
    fun complaints(): List<String> = driver
        .manage()
        .logs()
        .get(LogType.BROWSER)
        .map { it.message }

    fun screenshot(file: File) {
        file.parentFile.mkdirs()
        file.writeBytes(driver.getScreenshotAs(OutputType.BYTES))
    }

    override fun close(): Unit = driver.quit()

    private fun <T : Any> until(what: String, see: () -> T?): T = checkNotNull(
        WebDriverWait(driver, PATIENCE)
            .ignoring(StaleElementReferenceException::class.java)
            .withMessage { "no sign of $what; the page says:\n${text("body")}" }
            .until { see() },
    )

    companion object {
        val ESCAPE: CharSequence = Keys.ESCAPE
        val END: CharSequence = Keys.END
        val LEFT: CharSequence = Keys.ARROW_LEFT
        val RIGHT: CharSequence = Keys.ARROW_RIGHT
        val ENTER: CharSequence = Keys.ENTER
        private val PATIENCE = Duration.ofSeconds(30)
        private val chromium = Programs.find("CHROMIUM", "chromium", "chromium-browser", "google-chrome")
        private val chromedriver = Programs.find("CHROMEDRIVER", "chromedriver")

        val isHere: Boolean get() = chromium != null && chromedriver != null

        /** For tests that need one: they are skipped, and say so, where there is none. */
        val needed: EnabledOrReasonIf = { test ->
            if (isHere) {
                Enabled.enabled
            } else {
                val reason = "no Chromium with chromedriver here: apt-get install chromium chromium-driver"
                System.err.println("SKIPPED '${test.name.name}': $reason")
                Enabled.disabled(reason)
            }
        }

        fun start(): Browser {
            val service = ChromeDriverService
                .Builder()
                .usingDriverExecutable(chromedriver)
                .usingAnyFreePort()
                .build()
            val options = ChromeOptions()
            options.setBinary(chromium)
            options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
            options.setCapability(
                "goog:loggingPrefs",
                LoggingPreferences().apply { enable(LogType.BROWSER, Level.ALL) },
            )
            return Browser(ChromeDriver(service, options))
        }
    }
}

package dev.spanstream.benchmarks.delivery

import com.sun.management.OperatingSystemMXBean
import java.lang.management.ManagementFactory
import java.net.URI
import java.util.concurrent.locks.LockSupport

private const val BURST = 50_000
private const val BURST_MILLIS = 100
private const val CHUNK = 2_000

/**
 * Sends spans to the server at a port, and prints what it took as one line of JSON:
 * `DeliveryRun spanstream|opentelemetry|opentelemetry-gzip port delivery spans spansPerTrace`, or `… port burst`.
 *
 * The delivery waits after every 2,000 spans until they are sent, which is as much as OpenTelemetry's queue holds
 * by default: it compares what sending takes. The burst does not wait: it compares what is lost.
 */
public fun main(arguments: Array<String>) {
    val (sdk, port, what) = arguments
    val exporting = when (sdk) {
        "spanstream" -> Ours(port.toInt())
        "opentelemetry" -> Theirs(port.toInt(), compression = "none")
        else -> Theirs(port.toInt(), compression = "gzip")
    }
    if (what == "burst") {
        exporting.burst(sdk)
    } else {
        exporting.deliver(sdk, port, spans = arguments[3].toInt(), perTrace = arguments[4].toInt())
    }
    exporting.close()
}

private fun Exporting.deliver(sdk: String, port: String, spans: Int, perTrace: Int) {
    // The first half warms up.
    repeat(spans / 2 / CHUNK) { chunk(perTrace) }
    val deliveredBefore = delivered
    val bytesBefore = bytesAt(port)
    val system = ManagementFactory.getOperatingSystemMXBean() as OperatingSystemMXBean
    val processor = system.processCpuTime
    val clock = System.nanoTime()
    val chunks = spans / CHUNK
    repeat(chunks) { chunk(perTrace) }
    val sent = chunks * CHUNK
    val cpu = (system.processCpuTime - processor) / sent
    val elapsed = (System.nanoTime() - clock) / sent
    val bytes = (bytesAt(port) - bytesBefore) / sent
    val lost = sent - (delivered - deliveredBefore)
    println(
        """{"case":"delivery","sdk":"$sdk","perTrace":$perTrace,"spans":$sent,"cpuNanos":$cpu,""" +
            """"nanos":$elapsed,"wireBytes":$bytes,"lost":$lost}""",
    )
}

private fun Exporting.chunk(perTrace: Int) {
    repeat(CHUNK / perTrace) { trace(perTrace) }
    flush()
}

private fun Exporting.burst(sdk: String) {
    repeat(10) { chunk(perTrace = 50) }
    val before = delivered
    val start = System.nanoTime()
    repeat(BURST_MILLIS) { millisecond ->
        repeat(BURST / BURST_MILLIS / 50) { trace(spans = 50) }
        while (System.nanoTime() - start < (millisecond + 1) * 1_000_000L) LockSupport.parkNanos(10_000)
    }
    val millis = (System.nanoTime() - start) / 1_000_000
    flush()
    println("""{"case":"burst","sdk":"$sdk","spans":$BURST,"millis":$millis,"lost":${BURST - (delivered - before)}}""")
}

/** How many bytes of bodies the server has been sent. */
private fun bytesAt(port: String): Long = URI("http://127.0.0.1:$port/").toURL().readText().toLong()

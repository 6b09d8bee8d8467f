package dev.spanstream.pipeline

import io.kotest.assertions.nondeterministic.eventually
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import java.net.URLClassLoader
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.seconds

/** Tracers that were closed. */
class LeakTest : StringSpec({
    "A thousand closed tracers leave threads, sockets or their class loader behind" {
        FaultyReceiver { _, _ -> Fault.NONE }.use { receiver ->
            // Caches of the JDK hold it softly, until memory is short.
            val options = listOf("-XX:SoftRefLRUPolicyMSPerMB=0")
            ChildJvm(ManyTracers::class, listOf("${receiver.port}"), options).use { child ->
                child.output.readLine() shouldBe "nothing left"
                // It is still there, so that nobody else has closed its connections.
                receiver.accepted shouldBe ROUNDS * TRACERS
                eventually(10.seconds) { receiver.connections shouldBe 0 }
            }
        }
    }
})

private const val ROUNDS = 100
private const val TRACERS = 10
private const val PATIENCE = 300
private const val A_WHILE = 100L

/** Opens and closes tracers in a class loader of their own, and looks for what is left. */
internal object ManyTracers {
    private val unloaded = ReferenceQueue<ClassLoader>()

    @JvmStatic
    fun main(arguments: Array<String>) {
        val before = Thread.getAllStackTraces().keys.map { it.name }
        val loader = useInLoaderOfItsOwn(arguments.single())
        repeat(PATIENCE) {
            System.gc()
            val left = threads() - before.toSet()
            if (loader.get() == null && left.isEmpty()) {
                println("nothing left")
                CountDownLatch(1).await()
            }
            unloaded.remove(A_WHILE)
        }
        println("left: threads ${threads() - before.toSet()}, class loader ${loader.get()}")
    }

    private fun threads() = Thread.getAllStackTraces().keys.map { it.name }

    private fun useInLoaderOfItsOwn(port: String): WeakReference<ClassLoader> {
        val urls = ChildJvm.classPathFiles.map { it.toURI().toURL() }.toTypedArray()
        val loader = URLClassLoader(urls, ClassLoader.getPlatformClassLoader())
        thread(contextClassLoader = loader) {
            val application = loader.loadClass("dev.spanstream.pipeline.TenTracersAtATime")
            application.getMethod("run", String::class.java).invoke(null, port)
        }.join()
        loader.close()
        return WeakReference(loader, unloaded)
    }
}

/** Runs in a class loader of its own. */
internal object TenTracersAtATime {
    @OptIn(DelicateCoroutinesApi::class)
    @JvmStatic
    fun run(port: String) {
        repeat(ROUNDS) {
            val tracers = List(TRACERS) {
                dev.spanstream.Tracer.create { options ->
                    options.dsn = "http://key@127.0.0.1:$port/1"
                    options.tracesSampleRate = 1.0
                }
            }
            tracers.forEach { it.startSpan("work").end() }
            tracers.forEach { it.close() }
        }
        // kotlinx.coroutines keeps threads for itself; whoever unloads it has to say so.
        Dispatchers.shutdown()
    }
}

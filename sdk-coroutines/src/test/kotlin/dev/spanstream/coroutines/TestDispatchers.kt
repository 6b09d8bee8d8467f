package dev.spanstream.coroutines

import io.netty.channel.DefaultEventLoopGroup
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.asExecutor
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

/** The dispatchers on which the active span must be right, each of which switches threads its own way. */
internal class TestDispatchers : AutoCloseable {
    private val single = Executors.newSingleThreadExecutor()
    private val netty = DefaultEventLoopGroup(2)
    private val virtual = if (Runtime.version().feature() < FIRST_WITH_VIRTUAL_THREADS) null else virtualThreads()

    val byName: Map<String, CoroutineDispatcher> =
        buildMap {
            put("Default", Dispatchers.Default)
            put("IO", Dispatchers.IO)
            put("Unconfined", Dispatchers.Unconfined)
            put("a single thread", single.asCoroutineDispatcher())
            put("a Netty event loop", netty.next().asCoroutineDispatcher())
            virtual?.let { put("virtual threads", it.asCoroutineDispatcher()) }
        }

    /** Asks [question] in plain code on the threads of a dispatcher, many times so that all are met. */
    fun <T> onThreadsOf(name: String, question: () -> T): List<T> {
        val executor = byName.getValue(name).asExecutor()
        return List(ASKED) {
            java.util.concurrent.CompletableFuture
                .supplyAsync(question, executor)
        }.map { it.get() }
    }

    override fun close() {
        single.shutdown()
        virtual?.shutdown()
        netty.shutdownGracefully(0, 1, TimeUnit.SECONDS)
    }

    private companion object {
        const val ASKED = 200
        const val FIRST_WITH_VIRTUAL_THREADS = 21

        /** Compiled for 17, which does not know them. */
        fun virtualThreads(): ExecutorService =
            Executors::class.java.getMethod("newVirtualThreadPerTaskExecutor").invoke(null) as ExecutorService
    }
}

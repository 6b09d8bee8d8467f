package dev.spanstream.coroutines

import io.netty.channel.DefaultEventLoopGroup
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.asExecutor
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

/** The dispatchers on which the active span must be right, each of which switches threads its own way. */
internal class TestDispatchers : AutoCloseable {
    private val single = Executors.newSingleThreadExecutor()
    private val netty = DefaultEventLoopGroup(2)

    val byName: Map<String, CoroutineDispatcher> =
        mapOf(
            "Default" to Dispatchers.Default,
            "IO" to Dispatchers.IO,
            "Unconfined" to Dispatchers.Unconfined,
            "a single thread" to single.asCoroutineDispatcher(),
            "a Netty event loop" to netty.next().asCoroutineDispatcher(),
        )

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
        netty.shutdownGracefully(0, 1, TimeUnit.SECONDS)
    }

    private companion object {
        const val ASKED = 200
    }
}

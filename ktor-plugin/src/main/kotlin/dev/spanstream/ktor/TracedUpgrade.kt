package dev.spanstream.ktor

import io.ktor.http.Headers
import io.ktor.http.content.OutgoingContent
import io.ktor.util.AttributeKey
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.ByteWriteChannel
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.ClosedReceiveChannelException
import kotlinx.coroutines.channels.ClosedSendChannelException
import kotlin.coroutines.CoroutineContext

/**
 * A call that becomes a connection, such as a WebSocket. Some engines run what comes then within the
 * call; servlet containers do so after it, in a coroutine of their own. So what is active goes along as
 * [context], and the service span is told when the connection is done.
 */
internal class TracedUpgrade(
    private val upgrade: ProtocolUpgrade,
    private val context: CoroutineContext.Element,
) : OutgoingContent.ProtocolUpgrade() {
    private val done = CompletableDeferred<Unit>()

    @Volatile var hasBegun: Boolean = false
        private set

    override val headers: Headers get() = upgrade.headers

    override fun trailers(): Headers? = upgrade.trailers()

    override fun <T : Any> getProperty(key: AttributeKey<T>): T? = upgrade.getProperty(key)

    override fun <T : Any> setProperty(key: AttributeKey<T>, value: T?): Unit = upgrade.setProperty(key, value)

    override suspend fun upgrade(
        input: ByteReadChannel,
        output: ByteWriteChannel,
        engineContext: CoroutineContext,
        userContext: CoroutineContext,
    ): Job {
        hasBegun = true
        return try {
            val job = upgrade.upgrade(input, output, engineContext + context, userContext + context)
            job.invokeOnCompletion { cause -> complete(cause) }
            job
        } catch (thrown: Throwable) {
            complete(thrown)
            throw thrown
        }
    }

    private fun complete(cause: Throwable?) {
        if (cause == null) done.complete(Unit) else done.completeExceptionally(cause)
    }

    /** Calls [end] when the connection is done, with what it failed with, if it did: at once, if it is already. */
    fun whenDone(end: (Throwable?) -> Unit) {
        done.invokeOnCompletion { end(it?.let(::failureOfSession)) }
    }
}

/** A session always ends by a cancellation; one that failed does so with the failure as its cause. */
private fun failureOfSession(cause: Throwable): Throwable? =
    generateSequence(cause) { it.cause }
        .take(LONGEST_CHAIN)
        .firstOrNull { it !is CancellationException }
        ?.takeUnless {
            it is ClosedReceiveChannelException || it is ClosedSendChannelException || CallOutcome.isOfTheConnection(it)
        }

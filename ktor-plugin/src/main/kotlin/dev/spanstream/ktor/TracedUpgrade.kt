package dev.spanstream.ktor

import io.ktor.http.Headers
import io.ktor.http.HttpStatusCode
import io.ktor.http.content.OutgoingContent
import io.ktor.server.response.ApplicationResponse
import io.ktor.util.AttributeKey
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.ByteWriteChannel
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.ClosedReceiveChannelException
import kotlinx.coroutines.channels.ClosedSendChannelException
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration.Companion.seconds

/**
 * A call that becomes a connection, such as a WebSocket. Some engines run what comes then within the
 * call; servlet containers do so after it, in a coroutine of their own. So what is active goes along as
 * [context], and the service span is told when the connection is done.
 */
internal class TracedUpgrade(
    private val upgrade: ProtocolUpgrade,
    private val context: CoroutineContext.Element,
) : OutgoingContent.ProtocolUpgrade() {
    private val begun = Job()
    private val done = CompletableDeferred<Unit>()

    val hasBegun: Boolean get() = begun.isCompleted

    /** Whether the response said that the connection is upgraded, but it never came to that. */
    fun failedToBegin(response: ApplicationResponse): Boolean =
        !hasBegun && response.status() == HttpStatusCode.SwitchingProtocols

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
        begun.complete()
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

    /**
     * Calls [end] when the connection is done, with what it failed with, if it did: at once, if it is already.
     *
     * A container never begins one whose client has gone meanwhile, and tells nobody. So it is given up after
     * a while, or when the [application] stops.
     */
    fun whenDone(application: CoroutineScope, end: (hasBegun: Boolean, failure: Throwable?) -> Unit) {
        done.invokeOnCompletion { end(hasBegun, it?.let(::failureOfSession)) }
        if (!hasBegun) {
            val waiting = application.launch { withTimeoutOrNull(LONGEST_HANDSHAKE) { begun.join() } }
            waiting.invokeOnCompletion { if (!hasBegun) complete(null) }
        }
    }

    private companion object {
        val LONGEST_HANDSHAKE = 10.seconds
    }
}

/** A session always ends by a cancellation; one that failed does so with the failure as its cause. */
private fun failureOfSession(cause: Throwable): Throwable? =
    cause.root()?.takeUnless {
        it is ClosedReceiveChannelException || it is ClosedSendChannelException || CallOutcome.isOfTheConnection(it)
    }

package dev.spanstream.transport

import dev.spanstream.envelope.Envelope

/**
 * Carries envelopes to one receiver; an implementation knows about a network and nothing about
 * spans, rate limits or retries.
 *
 * [send] is called by several coroutines at once. It makes one attempt, never throws (but for the
 * cancellation of its caller), and takes a bounded time. Its own requests are never traced.
 *
 * [close] releases every connection and thread. Whoever closes has ended or cancelled all calls of
 * [send] before; a later one answers [Answer.None].
 */
internal interface EnvelopeTransport : AutoCloseable {
    suspend fun send(envelope: Envelope): Answer

    override fun close()
}

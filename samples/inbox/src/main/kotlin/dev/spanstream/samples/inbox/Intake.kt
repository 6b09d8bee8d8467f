package dev.spanstream.samples.inbox

import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.serialization.json.JsonObject

/**
 * Takes one request from its bytes to its answer: what Relay finds before it answers is decided here, then the
 * [EnvelopeJudge] decides the rest and the [store] learns of both.
 *
 * When [receive] returns, everything about the request is in the store: a client that has its answer can look.
 */
internal class Intake(
    private val options: InboxOptions,
    private val store: TraceStore,
) {
    private val judge = EnvelopeJudge(options.clock)
    private val oneAtATime = Mutex()

    /** Answers a request whose body was read by [body], which may refuse it. */
    suspend fun receive(request: InboxRequest, body: suspend () -> ByteArray): PlannedAnswer {
        var bytes = ByteArray(0)
        var parsed: ParsedEnvelope? = null
        var refusal: Refusal? = null
        try {
            bytes = body()
            val key = RequestAuth.keyOf(request)
            parsed = EnvelopeParser.parse(bytes)
            requireProject(request, RequestAuth.requireAgreement(request, key, parsed.dsn))
            ItemSizeRules.check(parsed.items)
        } catch (e: Refusal) {
            refusal = e
        }
        val own = refusal?.answer ?: Answers.accepted(parsed?.eventId)
        val received = received(request, bytes, parsed, own, refusal)
        val answer = options.respond?.invoke(received) ?: own
        oneAtATime.withLock {
            store.record(received.answered(answer), verdict(parsed, refusal, answer, received))
        }
        return answer
    }

    private fun verdict(
        parsed: ParsedEnvelope?,
        refusal: Refusal?,
        answer: PlannedAnswer,
        received: ReceivedEnvelope,
    ): Verdict = when {
        refusal != null -> Verdict(rejections = listOf(refusal.lost ?: refused(refusal)))
        parsed != null && answer.accepts -> judge.judge(parsed, received.receivedAt)
        else -> Verdict()
    }

    private fun refused(refusal: Refusal) =
        Rejection("http_${refusal.answer.status}", "request", 1, refusal.problem)

    private fun requireProject(request: InboxRequest, key: String) {
        if (request.project != InboxDsn.PROJECT_ID || !key.equals(InboxDsn.PUBLIC_KEY, ignoreCase = true)) {
            throw Refusal.of(403, "event submission rejected with_reason: ProjectId")
        }
    }

    private fun received(
        request: InboxRequest,
        body: ByteArray,
        parsed: ParsedEnvelope?,
        answer: PlannedAnswer,
        refusal: Refusal?,
    ) = ReceivedEnvelope(
        header = parsed?.header ?: JsonObject(emptyMap()),
        items = parsed?.items.orEmpty(),
        body = body,
        requestHeaders = request.headers,
        status = answer.status,
        refusal = refusal?.problem,
        dynamicSamplingContext = parsed?.let { DscRules.read(it.header) },
        receivedAt = options.clock.instant(),
    )
}

package dev.spanstream.samples.inbox

import java.time.Clock
import java.time.Instant

/**
 * Decides about the items of an envelope as Relay does after its answer, in Relay's order: mixed or repeated containers,
 * the container, repeated span ids, the sampling context, then span by span.
 *
 * Items other than spans and client reports are tolerated and not looked at.
 */
internal class EnvelopeJudge(
    private val clock: Clock,
) {
    fun judge(envelope: ParsedEnvelope, receivedAt: Instant = clock.instant()): Verdict {
        val findings = Findings()
        envelope.warnings.forEach(findings::warn)
        val discarded = ClientReportRules.read(envelope.items.filter { it.type == "client_report" }, findings)
        val container = SpanItemRules.single(envelope.items.filter { it.type == "span" }, findings)
        val spans = container?.let { spans(it, envelope, receivedAt, findings) }.orEmpty()
        return Verdict(spans, findings.rejections, findings.warnings, discarded, container?.size ?: 0)
    }

    private fun spans(
        container: ReceivedItem,
        envelope: ParsedEnvelope,
        receivedAt: Instant,
        findings: Findings,
    ): List<ReceivedSpan> {
        val sent = SpanContainerRules.read(container, findings).orEmpty()
        val unique = DuplicateSpanRule.keepLast(sent, findings)
        if (unique.isEmpty()) return emptyList()
        val context = DscRules.accept(envelope.header, unique, findings) ?: return emptyList()
        val rules = SpanRules(context, TimeRules(receivedAt, envelope.sentAt, findings), findings)
        return unique.mapNotNull(rules::judge)
    }
}

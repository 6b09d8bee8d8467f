package dev.spanstream.ktor

import io.ktor.http.content.OutgoingContent
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.Hook
import io.ktor.server.response.ApplicationSendPipeline

/** Puts another content in the place of one that upgrades the connection, last of all that have a say in it. */
internal object UpgradeSent :
    Hook<(ApplicationCall, OutgoingContent.ProtocolUpgrade) -> OutgoingContent.ProtocolUpgrade> {
    override fun install(
        pipeline: ApplicationCallPipeline,
        handler: (ApplicationCall, OutgoingContent.ProtocolUpgrade) -> OutgoingContent.ProtocolUpgrade,
    ) {
        pipeline.sendPipeline.intercept(ApplicationSendPipeline.After) { content ->
            if (content is OutgoingContent.ProtocolUpgrade) {
                proceedWith(handler(context, content))
            }
        }
    }
}

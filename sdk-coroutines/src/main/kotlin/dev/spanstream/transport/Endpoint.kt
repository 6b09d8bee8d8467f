package dev.spanstream.transport

import dev.spanstream.Dsn
import dev.spanstream.internal.SdkInfo
import java.net.URI

/**
 * Where envelopes are posted.
 *
 * @property url in full
 * @property authorization what the receiver knows us by; null if it lets everybody in
 * @property dsn what envelopes say of where they go, without the secret key; null if they say nothing
 */
internal class Endpoint private constructor(val url: String, val authorization: String?, val dsn: String?) {
    /** For messages: who it is, without keys. */
    override fun toString(): String = URI(url).run { if (port < 0) host else "$host:$port" }

    companion object {
        /** The name and version of the SDK, as receivers read it. */
        val CLIENT = "${SdkInfo.NAME}/${SdkInfo.VERSION}"

        fun of(dsn: Dsn): Endpoint {
            val secret = dsn.secretKey()?.let { ", sentry_secret=$it" }.orEmpty()
            val authorization = "Sentry sentry_version=7, sentry_client=$CLIENT, sentry_key=${dsn.publicKey()}$secret"
            return Endpoint(dsn.envelopeUri().toString(), authorization, dsn.toString())
        }

        /** A Spotlight sidecar. */
        fun ofSpotlight(url: String): Endpoint = Endpoint(url, authorization = null, dsn = null)
    }
}

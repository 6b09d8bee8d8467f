package dev.spanstream.ktor

import io.ktor.client.request.HttpRequestBuilder
import io.ktor.util.AttributeKey

private val UrlTemplate = AttributeKey<String>("dev.spanstream.UrlTemplate")

/**
 * The path of this request as it was written. [ClientTracing] takes it for the name of its spans, `GET /orders/{id}`,
 * and for the attribute `url.template` (Sentry Conventions). Null, the default, leaves them the name
 * `GET http://shop.example/orders/17`. Set it before the request is sent.
 *
 * ```
 * client.get("http://shop.example/orders/$id") { urlTemplate = "/orders/{id}" }
 * client.get("http://shop.example/orders/$id") { urlTemplate = "/orders/$id" } // one name for each order
 * ```
 */
public var HttpRequestBuilder.urlTemplate: String?
    get() = attributes.getOrNull(UrlTemplate)
    set(template) {
        if (template == null) attributes.remove(UrlTemplate) else attributes.put(UrlTemplate, template)
    }

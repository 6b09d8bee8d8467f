package dev.spanstream.ktor

import io.ktor.client.request.HttpRequestBuilder
import io.ktor.util.AttributeKey

private val UrlTemplate = AttributeKey<String>("dev.spanstream.UrlTemplate")

/**
 * The path of this request as it was written, which becomes the name of its spans: `GET /orders/{id}`.
 * Null, the default, leaves them the name `GET http://shop.example/orders/17`.
 *
 * ```
 * client.get("http://shop.example/orders/$id") { urlTemplate = "/orders/{id}" }
 * ```
 */
public var HttpRequestBuilder.urlTemplate: String?
    get() = attributes.getOrNull(UrlTemplate)
    set(template) {
        if (template == null) attributes.remove(UrlTemplate) else attributes.put(UrlTemplate, template)
    }

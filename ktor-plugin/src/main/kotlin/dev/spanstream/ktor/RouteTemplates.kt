package dev.spanstream.ktor

import io.ktor.server.routing.PathSegmentConstantRouteSelector
import io.ktor.server.routing.PathSegmentOptionalParameterRouteSelector
import io.ktor.server.routing.PathSegmentParameterRouteSelector
import io.ktor.server.routing.PathSegmentRegexRouteSelector
import io.ktor.server.routing.PathSegmentTailcardRouteSelector
import io.ktor.server.routing.PathSegmentWildcardRouteSelector
import io.ktor.server.routing.RootRouteSelector
import io.ktor.server.routing.RoutingNode

/**
 * The route as it was written: `/orders/{id}`. Only what selects by path counts; methods, headers,
 * hosts and plugins that a route goes through do not.
 */
internal fun RoutingNode.template(): String {
    val segments = generateSequence(this) { it.parent }.mapNotNull { it.segment() }.toList().asReversed()
    return segments.filter { it.isNotEmpty() }.joinToString("/", prefix = "/")
}

private fun RoutingNode.segment(): String? =
    when (val selector = selector) {
        is PathSegmentConstantRouteSelector,
        is PathSegmentParameterRouteSelector,
        is PathSegmentOptionalParameterRouteSelector,
        is PathSegmentWildcardRouteSelector,
        is PathSegmentTailcardRouteSelector,
        is PathSegmentRegexRouteSelector,
        is RootRouteSelector,
        -> selector.toString().trim('/')

        else -> null
    }

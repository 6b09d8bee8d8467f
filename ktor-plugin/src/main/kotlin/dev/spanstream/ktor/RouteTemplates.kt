package dev.spanstream.ktor

import io.ktor.server.routing.PathSegmentRegexRouteSelector
import io.ktor.server.routing.PathSegmentTailcardRouteSelector
import io.ktor.server.routing.RoutePathComponent
import io.ktor.server.routing.RoutingNode
import io.ktor.server.routing.TrailingSlashRouteSelector

/**
 * The route as it was written: `/orders/{id}`. Only what selects by path counts; methods, headers,
 * hosts and plugins that a route goes through do not.
 */
internal fun RoutingNode.template(): String {
    val nodes = generateSequence(this) { it.parent }.toList().asReversed()
    val path = nodes.mapNotNull { it.selector as? RoutePathComponent }
    val segments = path.map { it.written() }.filter { it.isNotEmpty() }
    val endsWithSlash = path.lastOrNull() == TrailingSlashRouteSelector && segments.isNotEmpty()
    return segments.joinToString("/", prefix = "/", postfix = if (endsWithSlash) "/" else "")
}

private fun RoutePathComponent.written(): String =
    when (this) {
        // Ktor prints "{...}" and "Regex(…)" for these.
        is PathSegmentTailcardRouteSelector -> "$prefix{$name...}"

        is PathSegmentRegexRouteSelector -> regex.pattern.trim('/')

        // Counts at the end only: below it, a route goes on as if it were not there.
        TrailingSlashRouteSelector -> ""

        else -> toString().trim('/')
    }

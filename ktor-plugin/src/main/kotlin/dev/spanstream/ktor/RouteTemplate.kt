package dev.spanstream.ktor

import io.ktor.server.routing.PathSegmentRegexRouteSelector
import io.ktor.server.routing.PathSegmentTailcardRouteSelector
import io.ktor.server.routing.RoutePathComponent
import io.ktor.server.routing.RoutingNode
import io.ktor.server.routing.TrailingSlashRouteSelector
import io.ktor.util.AttributeKey
import java.util.concurrent.ConcurrentHashMap

/** What a route is called. Made once a route: a request only looks it up. */
internal class RouteTemplate private constructor(val path: String) {
    private val names = ConcurrentHashMap<String, String>()

    /** The name of a span: `GET /orders/{id}`. */
    fun nameFor(method: String): String = names[method] ?: "$method $path".also { names[method] = it }

    companion object {
        private val Key = AttributeKey<RouteTemplate>("dev.spanstream.RouteTemplate")

        fun of(route: RoutingNode): RouteTemplate =
            route.attributes.getOrNull(Key)
                ?: RouteTemplate(route.template()).also { route.attributes.put(Key, it) }
    }
}

/**
 * The route as it was written: `/orders/{id}`. Only what selects by path counts; methods, headers,
 * hosts and plugins that a route goes through do not.
 */
private fun RoutingNode.template(): String {
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

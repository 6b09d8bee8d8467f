package dev.spanstream.ktor

import io.kotest.core.spec.style.StringSpec

/** What holds on every engine; a subclass names the engine. */
abstract class ServerTracingContract(
    server: TestServer,
    failuresClose: Boolean = true,
    lateWritesFail: Boolean = true,
    flushesSayWhy: Boolean = true,
) : StringSpec({
        include(continuedTraces(server))
        include(samplingContexts(server))
        include(serviceSpanNames(server))
        include(serviceSpanOutcomes(server))
        include(unrecordedRequests(server))
        include(requestAttributes(server))
        include(forwardedRequests(server))
        include(configurations(server))
        include(installedInRoutes(server))
        include(answers(server))
        include(loggedTraces(server))
        include(installedTogether(server))
        include(stops(server))
        include(sessions(server, failuresClose))
        if (server is SocketServer<*>) {
            include(departures(server, lateWritesFail, flushesSayWhy))
            include(streams(server))
            include(upgrades(server))
            include(canaries(server))
            include(badInputs(server))
        }
    })

package dev.spanstream.ktor

import io.kotest.core.spec.style.StringSpec
import io.ktor.client.engine.HttpClientEngineFactory

/** What holds with every client engine; a subclass names the engine. */
abstract class ClientTracingContract(engine: HttpClientEngineFactory<*>, webSockets: Boolean = true) : StringSpec({
    include(attempts(engine))
    include(attemptAttributes(engine, webSockets))
    include(bodies(engine))
    include(brokenAnswers(engine))
    include(callers(engine))
    include(eventStreams(engine))
    include(clientSessions(engine, webSockets))
    include(givenUpRequests(engine))
    include(givenUpResponses(engine))
    include(sentHeaders(engine))
})

package dev.spanstream.ktor

import io.kotest.core.spec.style.StringSpec
import io.ktor.server.cio.CIO

class CioSocketTest : StringSpec({
    include(connections(SocketServer(CIO)))
    include(hostHeaders(SocketServer(CIO)))
})

package dev.spanstream.ktor

import io.ktor.server.cio.CIO

class CioServerTracingTest : ServerTracingContract(SocketServer(CIO), flushesSayWhy = false)

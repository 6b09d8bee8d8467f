package dev.spanstream.ktor

import io.ktor.client.engine.cio.CIO

class CioClientTracingTest : ClientTracingContract(CIO)

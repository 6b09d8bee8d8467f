package dev.spanstream.ktor

class TestHostServerTracingTest : ServerTracingContract(TestHost)

package dev.spanstream.ktor

import io.ktor.client.engine.java.Java

class JavaClientTracingTest : ClientTracingContract(Java)

package dev.spanstream.ktor

import io.kotest.core.spec.style.StringSpec
import io.ktor.server.jetty.jakarta.Jetty
import org.eclipse.jetty.util.thread.QueuedThreadPool

// Its default of 200 threads is too few for a thousand requests whose handlers all call the same server.
private val jetty = SocketServer(Jetty) { configureServer = { (threadPool as QueuedThreadPool).maxThreads = 2_500 } }

class JettyThreadsTest : StringSpec({ include(sharedThreads(jetty)) })

package dev.spanstream.ktor

import io.ktor.events.Events
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationEnvironment
import io.ktor.server.engine.ApplicationEngine
import io.ktor.server.engine.ApplicationEngineFactory
import io.ktor.server.engine.BaseApplicationEngine
import io.ktor.server.engine.EngineConnectorBuilder
import io.ktor.server.engine.EngineConnectorConfig
import io.ktor.server.engine.EnginePipeline
import io.ktor.server.servlet.jakarta.DefaultServletUpgrade
import io.ktor.server.servlet.jakarta.KtorServlet
import io.ktor.server.servlet.jakarta.ServletUpgrade
import org.apache.catalina.Context
import java.nio.file.Files
import org.apache.catalina.startup.Tomcat as TomcatServer

/** Tomcat around Ktor's servlet: Ktor's own engine for it was not to be had in a version that runs here. */
object Tomcat : ApplicationEngineFactory<ApplicationEngine, ApplicationEngine.Configuration> {
    override fun configuration(configure: ApplicationEngine.Configuration.() -> Unit) =
        ApplicationEngine.Configuration().apply(configure)

    override fun create(
        environment: ApplicationEnvironment,
        monitor: Events,
        developmentMode: Boolean,
        configuration: ApplicationEngine.Configuration,
        applicationProvider: () -> Application,
    ): ApplicationEngine = Engine(environment, monitor, developmentMode, applicationProvider)

    private class Engine(
        environment: ApplicationEnvironment,
        monitor: Events,
        developmentMode: Boolean,
        private val application: () -> Application,
    ) : BaseApplicationEngine(environment, monitor, developmentMode) {
        private val directory = Files.createTempDirectory("tomcat")
        private val tomcat = TomcatServer().apply {
            setBaseDir("$directory")
            setHostname("127.0.0.1")
            setPort(0)
            val context: Context = addContext("", "$directory")
            addServlet("", "ktor", Servlet(application, pipeline)).isAsyncSupported = true
            context.addServletMappingDecoded("/*", "ktor")
        }

        override fun start(wait: Boolean) = apply {
            tomcat.connector.setProperty("maxHttpRequestHeaderSize", "$LONGEST_HEADERS")
            tomcat.connector.maxCookieCount = ANY
            tomcat.start()
            val port = tomcat.connector.localPort
            resolvedConnectorsDeferred.complete(listOf(at(port)))
        }

        private fun at(port: Int): EngineConnectorConfig =
            EngineConnectorBuilder().also {
                it.host = "127.0.0.1"
                it.port = port
            }

        override fun stop(gracePeriodMillis: Long, timeoutMillis: Long) {
            tomcat.stop()
            tomcat.destroy()
            directory.toFile().deleteRecursively()
        }
    }

    private class Servlet(private val provided: () -> Application, override val enginePipeline: EnginePipeline) :
        KtorServlet() {
        override val application: Application get() = provided()
        override val upgrade: ServletUpgrade get() = DefaultServletUpgrade
        override val managedByEngineHeaders: Set<String> get() = setOf("connection")
    }

    private const val ANY = -1
}

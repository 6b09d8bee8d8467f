package dev.spanstream.ktor

class TomcatServerTracingTest : ServerTracingContract(SocketServer(Tomcat))

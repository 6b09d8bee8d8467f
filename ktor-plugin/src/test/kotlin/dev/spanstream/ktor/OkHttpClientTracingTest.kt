package dev.spanstream.ktor

import io.ktor.client.engine.okhttp.OkHttp

class OkHttpClientTracingTest : ClientTracingContract(OkHttp)

package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.net.http.HttpResponse

class RequestAuthTest : StringSpec({
    val body = "{}\n".encodeToByteArray()

    fun HttpResponse<String>.shouldBeRefused(status: Int, detail: String) {
        body() shouldBe "{\"detail\":\"$detail\"}"
        statusCode() shouldBe status
    }

    "the key in X-Sentry-Auth is enough" {
        Lab.run { post(body, auth).statusCode() shouldBe 200 }
    }

    "the key in the query is enough" {
        Lab.run {
            post(body, path = "$path?sentry_version=7&sentry_key=$KEY", headers = emptyArray()).statusCode() shouldBe
                200
        }
    }

    "the dsn in the envelope header is enough" {
        Lab.run {
            post("{\"dsn\":\"${inbox.dsn}\"}".encodeToByteArray(), headers = emptyArray()).statusCode() shouldBe 200
        }
    }

    "the slash at the end of the path is optional" {
        Lab.run { post(body, auth, path = "/api/1/envelope").statusCode() shouldBe 200 }
    }

    "no key at all is answered 401" {
        Lab.run {
            post(body, headers = emptyArray()).shouldBeRefused(401, "missing authorization information")
            post(body, "X-Sentry-Auth" to "Bearer x").shouldBeRefused(401, "missing authorization information")
        }
    }

    "a key in the header and one in the query are answered 401, even the same" {
        Lab.run {
            post(body, auth, path = "$path?sentry_key=$KEY")
                .shouldBeRefused(401, "multiple authorization payloads detected")
        }
    }

    "an auth header without a key is answered 401" {
        Lab.run {
            post(body, "X-Sentry-Auth" to "Sentry sentry_version=7").shouldBeRefused(401, "bad x-sentry-auth header")
        }
    }

    "a key that is not 32 characters long is answered 400" {
        Lab.run {
            post(body, "X-Sentry-Auth" to "Sentry sentry_key=abc").shouldBeRefused(400, "bad sentry DSN public key")
        }
    }

    "an unknown protocol version is answered 400" {
        Lab.run {
            post(body, "X-Sentry-Auth" to "Sentry sentry_version=8, sentry_key=$KEY")
                .shouldBeRefused(400, "unsupported protocol version (8)")
        }
    }

    listOf("0", "x", "-1", "99999999999999999999").forEach { project ->
        "project '$project' in the path is answered 400" {
            Lab.run {
                post(
                    body,
                    auth,
                    path = "/api/$project/envelope/",
                ).shouldBeRefused(400, "bad project path parameter")
            }
        }
    }

    "a key or project of somebody else is answered 403" {
        Lab.run {
            val reason = "event submission rejected with_reason: ProjectId"
            post(body, auth, path = "/api/2/envelope/").shouldBeRefused(403, reason)
            post(body, "X-Sentry-Auth" to "Sentry sentry_key=${"f".repeat(32)}").shouldBeRefused(403, reason)
        }
    }

    "another path is answered 404" {
        Lab.run { post(body, auth, path = "/api/1/store/").statusCode() shouldBe 404 }
    }

    "a refused request is kept with its headers, body and cause" {
        Lab.run {
            post(body, "X-Sentry-Auth" to "Sentry nothing")
            val kept = inbox.envelopes().single()
            kept.status shouldBe 401
            kept.body.decodeToString() shouldBe "{}\n"
            kept.requestHeader("x-sentry-auth") shouldBe "Sentry nothing"
            kept.refusal.orEmpty() shouldContain "bad x-sentry-auth header"
        }
    }
})

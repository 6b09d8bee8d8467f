package dev.spanstream.ktor

import io.ktor.client.call.HttpClientCall
import io.ktor.util.AttributeKey
import kotlinx.coroutines.Job
import kotlinx.coroutines.job

/** The body of a response, which is done with its call, or with the session that it became. */
internal class ResponseBody(private val call: HttpClientCall) {
    /** Of a stream of events: Ktor takes the call for done as soon as such a session has begun. */
    @Volatile var session: Job? = null

    /** Calls [end] when the body is done, with what the call or the session was cancelled with, if it was. */
    fun whenDone(end: (Throwable?) -> Unit) {
        call.coroutineContext.job.invokeOnCompletion { cause ->
            session?.invokeOnCompletion(end) ?: end(cause)
        }
    }

    companion object {
        /** Attempts of one request share its attributes; the last one is the one that is read. */
        val Key: AttributeKey<ResponseBody> = AttributeKey("dev.spanstream.ResponseBody")
    }
}

package dev.spanstream.ktor

import io.ktor.client.call.HttpClientCall
import io.ktor.util.AttributeKey
import kotlinx.coroutines.Job
import kotlinx.coroutines.job

/**
 * The session of a stream of events, if a request opens one. Ktor takes the call for done as soon as such a session
 * has begun. To take up a stream that broke off, the session sends a copy of its request; that call Ktor leaves open.
 */
internal class EventSession {
    /** Null until the session has begun. */
    @Volatile var job: Job? = null

    /** Calls [end] when the body of the call is done, maybe twice, with what was cancelled, if anything was. */
    fun whenDone(call: HttpClientCall, end: (Throwable?) -> Unit) {
        job?.invokeOnCompletion(end)
        call.coroutineContext.job.invokeOnCompletion { cause ->
            job?.invokeOnCompletion(end) ?: end(cause)
        }
    }

    companion object {
        val Key: AttributeKey<EventSession> = AttributeKey("dev.spanstream.EventSession")
    }
}

package dev.spanstream.coroutines.internal

import dev.spanstream.coroutines.currentHandle
import dev.spanstream.internal.ContextDoor

/** The trace context of the calling coroutine; a fork of the thread's if it has none. */
@InternalTracingApi
public suspend fun currentTraceContext(): ContextDoor.Handle = currentHandle()

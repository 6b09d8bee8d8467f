package dev.spanstream.ktor

import dev.spanstream.internal.ContextDoor

/** The way into the core. */
internal val door: ContextDoor = ContextDoor.open()

package dev.spanstream.coroutines.internal

/** Marks what is public for the modules of this project only, and may change at any time. */
@RequiresOptIn("For the modules of Spanstream only. Tell us what you need, so that we can support it.")
@Retention(AnnotationRetention.BINARY)
@Target(AnnotationTarget.FUNCTION, AnnotationTarget.CLASS)
public annotation class InternalTracingApi

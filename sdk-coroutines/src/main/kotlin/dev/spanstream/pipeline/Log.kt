package dev.spanstream.pipeline

/** The system logger `dev.spanstream`. Never throws: what the application has put behind it may. */
internal object Log {
    // Lazy, so that a provider that cannot start fails here, inside the guard, and not this class.
    private val logger: System.Logger by lazy { System.getLogger("dev.spanstream") }

    fun log(level: System.Logger.Level, message: String, cause: Throwable? = null) {
        try {
            logger.log(level, message, cause)
        } catch (_: Throwable) {
            // There is nobody left to tell.
        }
    }
}

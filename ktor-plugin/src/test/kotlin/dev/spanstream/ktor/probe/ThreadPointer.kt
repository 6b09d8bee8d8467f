package dev.spanstream.ktor.probe

/** What a thread points to. Read by reflection, for a thread that asks the core is healed by that. */
object ThreadPointer {
    private val pointers =
        Class.forName("dev.spanstream.TraceContext").getDeclaredField("POINTER").run {
            isAccessible = true
            get(null) as ThreadLocal<*>
        }

    /** Whether the calling thread points to the context of somebody else. */
    fun isForeign(): Boolean {
        val pointer = pointers.get()
        return pointer["installed"] !== pointer["own"]
    }

    private operator fun Any.get(field: String): Any? =
        javaClass.getDeclaredField(field).run {
            isAccessible = true
            get(this@get)
        }
}

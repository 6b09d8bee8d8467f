package dev.spanstream.samples.common

/**
 * The command line of a sample: a flag if there is one, and how many.
 *
 * @property hasFlag whether the flag was given
 * @property count the number that was given, or the usual one
 */
public class CommandLine private constructor(public val hasFlag: Boolean, public val count: Int) {
    public companion object {
        /** Reads [arguments]. Throws an [IllegalArgumentException] for what is neither [flag] nor a number from 1. */
        @JvmStatic
        @JvmOverloads
        public fun parse(arguments: Array<String>, usual: Int, flag: String? = null): CommandLine {
            val counts =
                arguments.filter { it != flag }.map {
                    requireNotNull(it.toIntOrNull()?.takeIf { number -> number > 0 }) {
                        if (flag == null) "'$it' is no number from 1" else "'$it' is neither $flag nor a number from 1"
                    }
                }
            return CommandLine(flag in arguments, counts.lastOrNull() ?: usual)
        }
    }
}

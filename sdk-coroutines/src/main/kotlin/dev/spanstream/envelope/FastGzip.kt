package dev.spanstream.envelope

import java.io.OutputStream
import java.util.zip.Deflater
import java.util.zip.GZIPOutputStream

/**
 * Compresses at the fastest level. Spans of one trace are so much alike that the default level gains little more,
 * and it takes longer than everything else that is done to a span (docs/PERFORMANCE.md).
 */
internal class FastGzip(out: OutputStream) : GZIPOutputStream(out, BUFFER) {
    init {
        def.setLevel(Deflater.BEST_SPEED)
    }

    private companion object {
        const val BUFFER = 4 * 1024
    }
}

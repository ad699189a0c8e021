// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Trace ids in half the room of their digits. Thread-safe. */
final class TraceIds {
    private static final HexFormat DIGITS = HexFormat.of();

    private TraceIds() {}

    static byte @Nullable [] bytes(@Nullable String traceId) {
        return traceId == null ? null : DIGITS.parseHex(traceId);
    }

    static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : DIGITS.formatHex(bytes);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.transport;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace a request belongs to, as W3C Trace Context tells it in {@code traceparent}: version,
 * trace id, parent id and flags. Versions after 00 may have more behind these; ff is none.
 */
final class TraceParent {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?:00-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
                            + "|(?!00|ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})"
                            + "-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?)");
    private static final int LONGEST = 512;

    private TraceParent() {}

    /**
     * Its trace id.
     *
     * @param told a header, or the JSON value of an extension
     * @return 32 hexadecimal digits; null if it is absent or malformed, which is the same by W3C
     */
    static @Nullable String traceId(@Nullable Object told) {
        if (!(told instanceof String text) || text.length() > LONGEST) return null;
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) return null;
        String first = matcher.group(1);
        return first == null ? matcher.group(2) : first;
    }
}

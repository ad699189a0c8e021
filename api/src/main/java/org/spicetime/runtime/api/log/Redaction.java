// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.log;

import java.util.regex.Pattern;

/**
 * Takes credentials out of a text that leaves the host: tokens of the host, authorization headers,
 * and values named password, secret, token or key. None should get there; a plugin's message may
 * quote one all the same. Thread-safe.
 */
public final class Redaction {
    private static final String REDACTED = "[redacted]";
    private static final String FRAME = "\tat ";
    private static final Pattern TOKEN = Pattern.compile("drt_[A-Za-z0-9_-]{8,}");
    private static final Pattern HEADER =
            Pattern.compile("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9+/_.~=-]{8,}");
    private static final Pattern NAMED =
            Pattern.compile(
                    "(?i)\\b(password|passwd|secret|token|api[_-]?key)(\\s*[=:]\\s*)\"?[^\\s\",;}]+");

    private Redaction() {}

    /**
     * A text without credentials.
     *
     * @param text any
     * @return the same with {@code [redacted]} in their places
     */
    public static String of(String text) {
        String shown = TOKEN.matcher(text).replaceAll(REDACTED);
        shown = HEADER.matcher(shown).replaceAll("$1 \\" + REDACTED);
        return NAMED.matcher(shown).replaceAll("$1$2\\" + REDACTED);
    }

    /**
     * A text with stack traces in it, without credentials. Lines of frames cannot hold any and are
     * not looked at, for they are many.
     *
     * @param text any
     * @return the same with {@code [redacted]} in their places
     */
    public static String ofTrace(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int begin = 0; begin < text.length(); ) {
            int end = text.indexOf('\n', begin) + 1;
            if (end == 0) end = text.length();
            String line = text.substring(begin, end);
            shown.append(line.startsWith(FRAME) ? line : of(line));
            begin = end;
        }
        return shown.toString();
    }
}

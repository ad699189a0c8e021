// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.console;

import java.util.regex.Pattern;

/**
 * Takes credentials out of a text. None should get here; a plugin's message may quote one all the
 * same.
 */
final class Redaction {
    private static final String REDACTED = "[redacted]";
    private static final Pattern TOKEN = Pattern.compile("drt_[A-Za-z0-9_-]{8,}");
    private static final Pattern HEADER =
            Pattern.compile("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9+/_.~=-]{8,}");
    private static final Pattern NAMED =
            Pattern.compile(
                    "(?i)\\b(password|passwd|secret|token|api[_-]?key)(\\s*[=:]\\s*)\"?[^\\s\",;}]+");

    private Redaction() {}

    static String of(String text) {
        String shown = TOKEN.matcher(text).replaceAll(REDACTED);
        shown = HEADER.matcher(shown).replaceAll("$1 \\" + REDACTED);
        return NAMED.matcher(shown).replaceAll("$1$2\\" + REDACTED);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

/** Cuts foreign text for messages, so that bad input cannot flood a log. Thread-safe. */
final class Excerpt {

    private static final int LIMIT = 64;

    private Excerpt() {}

    /**
     * The beginning of a text, control characters replaced.
     *
     * @param text the text
     * @return at most 64 characters of it, and its length if it was longer
     */
    static String of(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), LIMIT); i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? '?' : c);
        }
        return text.length() <= LIMIT
                ? shown.toString()
                : shown + "... (" + text.length() + " characters)";
    }
}

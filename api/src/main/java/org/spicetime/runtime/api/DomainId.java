// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

import java.util.regex.Pattern;

/**
 * Name of a domain, unique on its host, chosen by the person who creates it. It appears in URLs,
 * file names and thread names, hence the narrow alphabet; it must not look like a UUID, so that a
 * domain can never be taken for a task.
 *
 * <p>Immutable.
 *
 * @param value the text: a letter or digit, then up to 127 letters, digits, {@code _}, {@code .} or
 *     {@code -}, without two dots in a row
 */
public record DomainId(String value) implements Comparable<DomainId> {

    private static final String GRAMMAR = "[A-Za-z0-9][A-Za-z0-9_.-]{0,127}";
    private static final int LONGEST = 128;
    private static final int UUID_LENGTH = 36;
    private static final Pattern UUID_LIKE =
            Pattern.compile(
                    "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}");

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if it does not match the grammar, holds {@code ..}, or looks
     *     like a UUID
     */
    public DomainId {
        if (!isInGrammar(value)) {
            throw new IllegalArgumentException(
                    "domain id must match " + GRAMMAR + ", was \"" + Excerpt.of(value) + "\"");
        }
        if (value.contains("..")) {
            throw new IllegalArgumentException(
                    "domain id must not contain \"..\", was \"" + value + "\"");
        }
        if (value.length() == UUID_LENGTH && UUID_LIKE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "domain id must not look like a UUID, was \"" + value + "\"");
        }
    }

    /**
     * A domain id of a text.
     *
     * @param value the text
     * @return the id
     * @throws IllegalArgumentException if the text is not a domain id
     */
    public static DomainId of(String value) {
        return new DomainId(value);
    }

    /* By hand: an id is made for every request that names a domain. */
    private static boolean isInGrammar(String value) {
        if (value.isEmpty() || value.length() > LONGEST) return false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean plain =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && (i == 0 || "_.-".indexOf(c) < 0)) return false;
        }
        return true;
    }

    @Override
    public int compareTo(DomainId other) {
        return value.compareTo(other.value);
    }

    /** The bare text. */
    @Override
    public String toString() {
        return value;
    }
}

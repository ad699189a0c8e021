// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

/**
 * A place in a list, opaque to all but the store that made it; valid while the tasks around it
 * exist, and never wrong afterwards.
 *
 * <p>Immutable.
 *
 * @param value the store's text; 1 to 256 characters
 */
public record PageCursor(String value) {

    private static final int LONGEST = 256;

    /**
     * Checks the length.
     *
     * @throws IllegalArgumentException if it is blank or too long
     */
    public PageCursor {
        if (value.isBlank() || value.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "cursor must have 1 to " + LONGEST + " characters, had " + value.length());
        }
    }
}

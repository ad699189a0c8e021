// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

import java.util.Map;

/** Free-form labels of tasks and domains: a string map within limits. */
public final class Labels {
    /** Most labels of one thing. */
    public static final int MAX_LABELS = 32;

    /** Most characters of a label's name. */
    public static final int MAX_NAME_LENGTH = 63;

    /** Most characters of a label's value. */
    public static final int MAX_VALUE_LENGTH = 255;

    private Labels() {}

    /**
     * A copy of labels that are within the limits.
     *
     * @param labels names of 1 to 63 characters, values of up to 255, at most 32 of them
     * @return an immutable copy
     * @throws IllegalArgumentException if a limit is exceeded; the message says which
     */
    public static Map<String, String> checked(Map<String, String> labels) {
        if (labels.size() > MAX_LABELS)
            throw new IllegalArgumentException(
                    "labels must be at most " + MAX_LABELS + ", were " + labels.size());
        labels.forEach((name, value) -> {
            if (name.isEmpty() || name.length() > MAX_NAME_LENGTH)
                throw new IllegalArgumentException(
                        "labels: a name must have 1 .. "
                                + MAX_NAME_LENGTH
                                + " characters, had "
                                + name.length());
            if (value.length() > MAX_VALUE_LENGTH)
                throw new IllegalArgumentException(
                        "labels: the value of \""
                                + Excerpt.of(name)
                                + "\" must have at most "
                                + MAX_VALUE_LENGTH
                                + " characters, had "
                                + value.length());
        });
        return Map.copyOf(labels);
    }
}

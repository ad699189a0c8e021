// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Labels;

/**
 * Changes to what a domain is called; what is left out keeps its value. Immutable.
 *
 * @param name for people, 1 to {@value #MAX_NAME_LENGTH} characters; a null inside: its id
 * @param description what it is for, up to {@value #MAX_DESCRIPTION_LENGTH} characters; a null
 *     inside: nothing told
 * @param labels replace the former ones as a whole; a null inside: none
 */
public record DomainUpdate(
        @Nullable To<String> name,
        @Nullable To<String> description,
        @Nullable To<Map<String, String>> labels) {
    /** Changes nothing. */
    public static final DomainUpdate NONE = new DomainUpdate(null, null, null);

    /** Most characters of a name. */
    public static final int MAX_NAME_LENGTH = 256;

    /** Most characters of a description. */
    public static final int MAX_DESCRIPTION_LENGTH = 4096;

    public DomainUpdate {
        if (name != null) checkName(name.value());
        if (description != null) checkDescription(description.value());
        if (labels != null && labels.value() != null)
            labels = new To<>(Labels.checked(labels.value()));
    }

    static void checkName(@Nullable String name) {
        if (name != null && (name.isBlank() || name.length() > MAX_NAME_LENGTH))
            throw new IllegalArgumentException(
                    "name must have 1 .. " + MAX_NAME_LENGTH + " characters, had " + name.length());
    }

    static void checkDescription(@Nullable String description) {
        if (description != null && description.length() > MAX_DESCRIPTION_LENGTH)
            throw new IllegalArgumentException(
                    "description must have at most "
                            + MAX_DESCRIPTION_LENGTH
                            + " characters, had "
                            + description.length());
    }

    /**
     * A value to be set. Immutable.
     *
     * @param value the new value; null: back to the default
     * @param <T> its type
     */
    public record To<T>(@Nullable T value) {}
}

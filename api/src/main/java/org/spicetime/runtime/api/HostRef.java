// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * One run of one host process. The id stays the same over restarts of an instance, the incarnation
 * is new at every process start; so a claim of a process that died is told apart from a claim of
 * its successor.
 *
 * <p>Immutable.
 *
 * @param id name of the host: a letter or digit, then up to 127 letters, digits, {@code _}, {@code
 *     .} or {@code -}
 * @param incarnation drawn at process start
 */
public record HostRef(String id, UUID incarnation) {

    private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    /**
     * Checks the id.
     *
     * @throws IllegalArgumentException if it does not match the grammar
     */
    public HostRef {
        if (!GRAMMAR.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "host id must match " + GRAMMAR + ", was \"" + Excerpt.of(id) + "\"");
        }
    }
}

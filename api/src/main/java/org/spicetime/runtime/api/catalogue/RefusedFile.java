// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.catalogue;

import java.time.Instant;
import java.util.Objects;

/**
 * A file in {@code deploy/} of which no bundle could be made. Immutable.
 *
 * @param file its name
 * @param since when it was refused
 * @param problem what is wrong with it and what to do, in whole sentences
 */
public record RefusedFile(String file, Instant since, String problem) {
    public RefusedFile {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(problem, "problem");
    }
}

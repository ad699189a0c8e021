// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite;

import java.util.List;

/**
 * What tests have otherwise than it ships. Immutable.
 *
 * @param pragmas what the writing connection is told last
 * @param logPages pages of the write-ahead log from which on it is copied into the file; at least 1
 */
record Tuning(List<String> pragmas, int logPages) {

    /** As it ships: 16 MB of log. */
    static final Tuning USUAL = new Tuning(List.of(), 4096);

    Tuning {
        pragmas = List.copyOf(pragmas);
        if (logPages < 1) {
            throw new IllegalArgumentException(
                    "pages of the log must be at least 1, were " + logPages);
        }
    }
}

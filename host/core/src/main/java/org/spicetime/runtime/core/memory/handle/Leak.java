// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a task had not closed when its handler returned. Immutable.
 *
 * @param handles how many, positive
 * @param bytes of them, as they were asked for
 * @param kinds how many of each kind
 * @param sites where they were taken, as far as that was noted: most frequent first
 */
public record Leak(long handles, long bytes, Map<String, Integer> kinds, List<String> sites) {
    public Leak {
        if (handles <= 0) {
            throw new IllegalArgumentException("a leak has handles, had " + handles);
        }
        kinds = Map.copyOf(kinds);
        sites = List.copyOf(sites);
    }

    /** One sentence for people. */
    public String message() {
        String each =
                new TreeMap<>(kinds)
                        .entrySet().stream()
                                .map(kind -> kind.getKey() + ": " + kind.getValue())
                                .collect(Collectors.joining(", "));
        return ("the handler returned without closing %d of its handles (%s) with %d bytes;"
                                + " they were taken back")
                        .formatted(handles, each, bytes)
                + (sites.isEmpty() ? "" : "; taken at " + String.join(" and at ", sites));
    }
}

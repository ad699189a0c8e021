// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names under which the host may be called, whatever the port. A page elsewhere that points its
 * own name to this machine (rebinding) is not among them. Immutable.
 */
final class AllowedHosts {
    private final Set<String> names;

    /**
     * @param more beside the names of the loopback interface
     */
    AllowedHosts(List<String> more) {
        Set<String> all = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "[::1]"));
        for (String name : more) {
            String lower = name.strip().toLowerCase(Locale.ROOT);
            if (lower.isEmpty()) continue;
            all.add(lower.contains(":") && !lower.startsWith("[") ? "[" + lower + "]" : lower);
        }
        names = Set.copyOf(all);
    }

    /**
     * @param header the value of Host; null if there is none
     */
    boolean allows(@Nullable String header) {
        if (header == null) return false;
        String lower = header.toLowerCase(Locale.ROOT);
        int end = lower.startsWith("[") ? lower.indexOf(']') + 1 : lower.indexOf(':');
        if (end < 0) return names.contains(lower);
        return names.contains(lower.substring(0, end)) && isPort(lower, end);
    }

    /* Nothing, or a colon and one to five digits. Every request passes here: no pattern is made. */
    private static boolean isPort(String header, int begin) {
        int digits = header.length() - begin - 1;
        if (digits < 0) return true;
        if (header.charAt(begin) != ':' || digits == 0 || digits > 5) return false;
        for (int i = begin + 1; i < header.length(); i++) {
            char digit = header.charAt(i);
            if (digit < '0' || digit > '9') return false;
        }
        return true;
    }
}

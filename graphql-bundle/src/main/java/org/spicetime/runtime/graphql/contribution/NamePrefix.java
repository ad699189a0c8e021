// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the names begin that a bundle adds to the schema. Immutable.
 *
 * @param field of the fields it adds to types of the host, e.g. {@code acme}
 */
record NamePrefix(String field) {
    /** The manifest header that names a prefix. */
    static final String HEADER = "Spicetime-Schema-Prefix";

    private static final Pattern VALID = Pattern.compile("[a-z][A-Za-z0-9]{1,31}");

    NamePrefix {
        if (!VALID.matcher(field).matches()) {
            throw new IllegalArgumentException(
                    "\"%s\" is no prefix: 2 to 32 letters and digits, a small letter first; name one with the manifest header %s"
                            .formatted(field, HEADER));
        }
    }

    /**
     * The prefix of a bundle: its header, else the second segment of its symbolic name, else the
     * only one, without what is no letter or digit.
     *
     * @throws IllegalArgumentException if that is no prefix
     */
    static NamePrefix of(String symbolicName, @Nullable String header) {
        if (header != null) return new NamePrefix(header.strip());
        List<String> segments = List.of(symbolicName.split("\\.", -1));
        String plain = segments.get(segments.size() > 1 ? 1 : 0).replaceAll("[^A-Za-z0-9]", "");
        if (plain.isEmpty()) return new NamePrefix(plain);
        return new NamePrefix(plain.substring(0, 1).toLowerCase(Locale.ROOT) + plain.substring(1));
    }

    /** How types begin, e.g. {@code Acme}. */
    String type() {
        return field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1);
    }

    boolean begins(String name, String prefix) {
        if (!name.startsWith(prefix)) return false;
        if (name.length() == prefix.length()) return true;
        char next = name.charAt(prefix.length());
        return next == '_' || Character.isUpperCase(next) || Character.isDigit(next);
    }

    boolean beginsField(String name) {
        return begins(name, field);
    }

    boolean beginsType(String name) {
        return begins(name, type());
    }
}

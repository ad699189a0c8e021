// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** What a request shows to sign in. Immutable; never printed. */
sealed interface Credentials {
    /** Nothing. */
    record Absent() implements Credentials {}

    /** Something that cannot be read, or twice. */
    record Unreadable() implements Credentials {}

    /** A bearer token. */
    record Bearer(String token) implements Credentials {
        @Override
        public String toString() {
            return "Bearer";
        }
    }

    /** A name and a password, as browsers send them. */
    record Basic(String user, String password) implements Credentials {
        @Override
        public String toString() {
            return "Basic";
        }
    }

    /** Reads the values of all Authorization headers. */
    static Credentials of(List<String> authorization) {
        if (authorization.isEmpty()) return new Absent();
        String value = authorization.getFirst().strip();
        int space = value.indexOf(' ');
        if (authorization.size() > 1 || space < 0) return new Unreadable();
        String scheme = value.substring(0, space);
        String rest = value.substring(space + 1).strip();
        if (scheme.equalsIgnoreCase("Bearer") && !rest.isEmpty()) return new Bearer(rest);
        return scheme.equalsIgnoreCase("Basic") ? basic(rest) : new Unreadable();
    }

    private static Credentials basic(String base64) {
        try {
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)))
                            .toString();
            int colon = text.indexOf(':');
            return colon < 0
                    ? new Unreadable()
                    : new Basic(text.substring(0, colon), text.substring(colon + 1));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return new Unreadable();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.graphql.transport.InvalidParametersException;

/** Decodes the query part of a URL, strictly: the same name twice or invalid UTF-8 is an error. */
final class QueryString {
    private QueryString() {}

    static Map<String, String> parse(@Nullable String query) throws InvalidParametersException {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) return parameters;
        for (String pair : query.split("&")) {
            if (pair.isEmpty()) continue;
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            if (parameters.put(name, value) != null) {
                throw new InvalidParametersException("The URL names a parameter twice.");
            }
        }
        return parameters;
    }

    private static String decoded(String text) throws InvalidParametersException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+') {
                bytes.write(' ');
            } else if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw new InvalidParametersException(
                            "The URL has an incomplete percent escape.");
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else if (c < 0x80) {
                bytes.write(c);
            } else {
                throw new InvalidParametersException("The URL has a character that is not ASCII.");
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidParametersException("The URL is not valid UTF-8.");
        }
    }
}

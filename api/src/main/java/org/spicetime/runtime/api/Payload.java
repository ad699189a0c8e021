// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bytes and what they are: the input or the result of a task. The contract does not look inside;
 * handlers parse what they asked for. Limits of size belong to admission, not to this type.
 *
 * <p>Two payloads are equal if content type and bytes are. Immutable: bytes are copied on the way
 * in and on the way out.
 *
 * @param bytes the content; may be empty
 * @param contentType media type such as {@code application/json}, parameters allowed; 255
 *     characters at most
 */
@SuppressWarnings("ArrayRecordComponent") // copied on both ways, compared by content
public record Payload(byte[] bytes, String contentType) {

    /** Media type of JSON text in UTF-8. */
    public static final String JSON = "application/json";

    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(\\s*;[\\x20-\\x7e]*)?");
    private static final int LONGEST_TYPE = 255;

    /**
     * Copies the bytes and checks the content type.
     *
     * @throws IllegalArgumentException if the content type is not a media type
     */
    public Payload {
        if (contentType.length() > LONGEST_TYPE || !MEDIA_TYPE.matcher(contentType).matches()) {
            throw new IllegalArgumentException(
                    "content type must be type/subtype of at most %d characters, was \"%s\""
                            .formatted(LONGEST_TYPE, Excerpt.of(contentType)));
        }
        bytes = bytes.clone();
    }

    /**
     * A payload of JSON text. The text is not parsed.
     *
     * @param text JSON
     * @return the payload, in UTF-8
     */
    public static Payload json(String text) {
        return new Payload(text.getBytes(StandardCharsets.UTF_8), JSON);
    }

    /**
     * The content.
     *
     * @return a copy
     */
    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Size of the content, without copying it.
     *
     * @return bytes
     */
    public int size() {
        return bytes.length;
    }

    /**
     * Whether the content is JSON, by its content type.
     *
     * @return true for {@code application/json}, with or without parameters
     */
    public boolean isJson() {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end))
                .strip()
                .equalsIgnoreCase(JSON);
    }

    /**
     * The content read as UTF-8; malformed sequences become replacement characters.
     *
     * @return the text
     */
    public String utf8() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload that
                && contentType.equals(that.contentType)
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * contentType.hashCode() + Arrays.hashCode(bytes);
    }

    /** Type and size only: content may be large or secret. */
    @Override
    public String toString() {
        return "Payload[" + contentType + ", " + bytes.length + " bytes]";
    }
}

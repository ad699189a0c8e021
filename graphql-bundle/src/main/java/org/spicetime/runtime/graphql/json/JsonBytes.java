// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.json;

import java.util.Arrays;

/** JSON in UTF-8 that grows as it is written. Used by one thread. */
final class JsonBytes {
    private static final int FIRST_BYTES = 1024;

    /** The longest form of one character, an escape. */
    private static final int LONGEST = 6;

    private static final String HEX = "0123456789ABCDEF";

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Characters of ASCII that need no escape. */
    void ascii(String text) {
        int count = text.length();
        room(count);
        for (int i = 0; i < count; i++) bytes[length++] = (byte) text.charAt(i);
    }

    /** A byte of the syntax. */
    void mark(char mark) {
        room(1);
        bytes[length++] = (byte) mark;
    }

    /**
     * Replaces the last byte, which ends the last element, or adds one after an empty beginning.
     */
    void end(boolean empty, char mark) {
        if (!empty) length--;
        mark(mark);
    }

    /** What is in UTF-8 already. */
    void raw(byte[] utf8) {
        room(utf8.length);
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
    }

    /** A string with its quotes; a lone surrogate, which UTF-8 cannot hold, becomes U+FFFD. */
    void string(String text) {
        int count = text.length();
        room(count + 2);
        // Nearly all strings have nothing to escape, so they are copied as they are looked at.
        byte[] to = bytes;
        int at = length;
        to[at++] = '"';
        int i = 0;
        while (i < count && isPlain(text.charAt(i))) to[at++] = (byte) text.charAt(i++);
        length = at;
        while (i < count) {
            int codePoint = text.codePointAt(i);
            room(LONGEST);
            character(codePoint);
            i += Character.charCount(codePoint);
        }
        mark('"');
    }

    private static boolean isPlain(int c) {
        return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
    }

    private void character(int c) {
        if (isPlain(c)) {
            put(c);
        } else if (c < 0x80) {
            escape(c);
        } else if (c < 0x800) {
            put(0xC0 | c >> 6);
            put(0x80 | c & 0x3F);
        } else if (c < 0x10000) {
            int held = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c;
            put(0xE0 | held >> 12);
            put(0x80 | held >> 6 & 0x3F);
            put(0x80 | held & 0x3F);
        } else {
            put(0xF0 | c >> 18);
            put(0x80 | c >> 12 & 0x3F);
            put(0x80 | c >> 6 & 0x3F);
            put(0x80 | c & 0x3F);
        }
    }

    private void escape(int c) {
        put('\\');
        switch (c) {
            case '"', '\\' -> put(c);
            case '\b' -> put('b');
            case '\t' -> put('t');
            case '\n' -> put('n');
            case '\f' -> put('f');
            case '\r' -> put('r');
            default -> {
                put('u');
                put('0');
                put('0');
                put(HEX.charAt(c >> 4));
                put(HEX.charAt(c & 0xF));
            }
        }
    }

    private void put(int value) {
        bytes[length++] = (byte) value;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(length, more)));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Numbers and texts one after another in few bytes: seven bits of a number per byte, the lowest
 * first, signed ones zigzag as in Protocol Buffers. Called by one thread at a time.
 */
final class Packed {

    private static final int SEVEN_BITS = 0x7F;
    private static final int MORE = 0x80;

    private Packed() {}

    /** Writes. */
    static final class Out {
        private static final int USUAL_BYTES = 256;
        private static final int LONGEST_NUMBER = 10;

        private byte[] bytes = new byte[USUAL_BYTES];
        private int size;

        Out number(long value) {
            reserve(LONGEST_NUMBER);
            long rest = value << 1 ^ value >> 63;
            while ((rest & ~(long) SEVEN_BITS) != 0) {
                bytes[size++] = (byte) (rest & SEVEN_BITS | MORE);
                rest >>>= 7;
            }
            bytes[size++] = (byte) rest;
            return this;
        }

        Out text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            number(utf8.length);
            reserve(utf8.length);
            System.arraycopy(utf8, 0, bytes, size, utf8.length);
            size += utf8.length;
            return this;
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, size);
        }

        /** Adds what was written to a checksum. */
        void addTo(CRC32C checksum) {
            checksum.update(bytes, 0, size);
        }

        private void reserve(int more) {
            if (bytes.length - size < more) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
            }
        }
    }

    /** Reads; fails with an {@link IllegalArgumentException} where the bytes make no sense. */
    static final class In {
        private final byte[] bytes;
        private int at;

        In(byte[] bytes) {
            this.bytes = bytes;
        }

        long number() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                if (at == bytes.length) {
                    break;
                }
                int part = bytes[at++];
                value |= (long) (part & SEVEN_BITS) << shift;
                if (part >= 0) {
                    return value >>> 1 ^ -(value & 1);
                }
            }
            throw new IllegalArgumentException("a number ends at byte " + at);
        }

        int small() {
            return Math.toIntExact(number());
        }

        String text() {
            int length = small();
            if (length < 0 || length > bytes.length - at) {
                throw new IllegalArgumentException(
                        "a text of %d bytes at byte %d of %d".formatted(length, at, bytes.length));
            }
            String text = new String(bytes, at, length, StandardCharsets.UTF_8);
            at += length;
            return text;
        }
    }
}

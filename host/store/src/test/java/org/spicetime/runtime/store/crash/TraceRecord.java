// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

/**
 * One call that changed or synchronised a file.
 *
 * <p>Immutable; the array is not to be changed.
 *
 * @param kind what was done
 * @param path the file, below the directory watched; empty: the directory itself
 * @param offset where was written, or the new length
 * @param data what was written; of a RENAME the new path
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TraceRecord(Kind kind, String path, long offset, byte[] data) {

    /** What a call did. Immutable. */
    enum Kind {
        WRITE('W'),
        TRUNCATE('T'),
        SYNC('S'),
        UNLINK('U'),
        RENAME('R');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        static Kind of(byte letter) {
            for (Kind kind : values()) {
                if (kind.letter == letter) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no kind of record: " + letter);
        }
    }

    static TraceRecord write(String path, long offset, byte[] data) {
        return new TraceRecord(Kind.WRITE, path, offset, data);
    }

    static TraceRecord sync(String path) {
        return new TraceRecord(Kind.SYNC, path, 0, new byte[0]);
    }

    boolean is(Kind other) {
        return kind == other;
    }
}

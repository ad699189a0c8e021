// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Looks for damage in a write-ahead log before the engine opens it. The engine takes the first
 * frame whose check sum is wrong for the end of the log and forgets what follows, because after a
 * loss of power that is what an unfinished commit looks like. But each commit is synchronised
 * before the next one begins, so the unfinished one is the last: a wrong frame with more than one
 * commit from there on is damage, and commits that were acknowledged would be lost. What cannot be
 * told from an unfinished commit is damage to the last one.
 *
 * <p>This holds because the log is emptied when a store is opened, so that no frames of an earlier
 * life lie behind the present ones. The format is that of SQLite, "WAL-mode File Format", section
 * 1. Thread-safe.
 */
public final class WalCheck {

    private static final int HEAD = 32;
    private static final int FRAME_HEAD = 24;
    private static final int MAGIC = 0x377f0682;
    private static final int LARGEST_PAGE = 65536;
    private static final int USUAL_PAGE = 4096;

    private WalCheck() {}

    /**
     * Looks at a log.
     *
     * @param log the log; need not exist
     * @return what is wrong, as half a sentence; null: nothing
     * @throws IOException if it cannot be read
     */
    public static @Nullable String damage(Path log) throws IOException {
        if (!Files.exists(log) || Files.size(log) < HEAD) {
            return null;
        }
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            return new Scan(bytes).damage();
        }
    }

    /** One look at the bytes of a log. Called by one thread at a time. */
    private static final class Scan {

        private final ByteBuffer bytes;
        private int sum1;
        private int sum2;

        Scan(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Nullable String damage() {
            int magic = bytes.getInt(0);
            int pageSize = bytes.getInt(8);
            boolean sized =
                    Integer.bitCount(pageSize) == 1 && pageSize >= 512 && pageSize <= LARGEST_PAGE;
            boolean littleEndian = magic == MAGIC;
            add(littleEndian, 0, HEAD - 8);
            boolean sound = (magic & ~1) == MAGIC && sized && sumIs(HEAD - 8);
            int frame = FRAME_HEAD + (sized ? pageSize : USUAL_PAGE);
            int frames = (bytes.limit() - HEAD) / frame;
            if (frames == 0) {
                return null;
            }
            long salt = bytes.getLong(sound ? 16 : HEAD + 8);
            int good = sound ? goodFrames(littleEndian, salt, frame, frames) : 0;
            int lost = 0;
            for (int i = good; i < frames; i++) {
                int at = HEAD + i * frame;
                if (bytes.getLong(at + 8) == salt && bytes.getInt(at + 4) != 0) {
                    lost++;
                }
            }
            return lost < 2
                    ? null
                    : "its %s is damaged, and %d commits lie behind it"
                            .formatted(sound ? "frame " + (good + 1) : "head", lost);
        }

        /** How many frames the engine would take. */
        private int goodFrames(boolean littleEndian, long salt, int frame, int frames) {
            for (int i = 0; i < frames; i++) {
                int at = HEAD + i * frame;
                add(littleEndian, at, 8);
                add(littleEndian, at + FRAME_HEAD, frame - FRAME_HEAD);
                if (bytes.getLong(at + 8) != salt || !sumIs(at + 16)) {
                    return i;
                }
            }
            return frames;
        }

        private boolean sumIs(int at) {
            return sum1 == bytes.getInt(at) && sum2 == bytes.getInt(at + 4);
        }

        /* Fletcher's sum over pairs of words, as the format has it. */
        private void add(boolean littleEndian, int from, int length) {
            for (int at = from; at < from + length; at += 8) {
                sum1 += word(littleEndian, at) + sum2;
                sum2 += word(littleEndian, at + 4) + sum1;
            }
        }

        private int word(boolean littleEndian, int at) {
            int word = bytes.getInt(at);
            return littleEndian ? Integer.reverseBytes(word) : word;
        }
    }
}

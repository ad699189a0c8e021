// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/**
 * A file that takes up room for bad times: deleted when the disk is full, it leaves space for the
 * end of what was begun. Called by one thread at a time.
 */
final class Ballast {

    /** Name of the file. */
    static final String NAME = "ballast";

    private static final int CHUNK = 1 << 20;

    private final Path file;
    private final long size;

    Ballast(Path directory, long size) {
        file = directory.resolve(NAME);
        this.size = size;
    }

    /** Whether it is there in its full size. */
    boolean isThere() throws IOException {
        return size == 0 || Files.exists(file) && Files.size(file) == size;
    }

    /**
     * Makes it, if it is not there. The content is noise, so that a file system that compresses
     * cannot save the room.
     *
     * @throws IOException if there is no room for it; nothing is left of it then
     */
    void make() throws IOException {
        if (isThere()) {
            return;
        }
        byte[] noise = new byte[(int) Math.min(CHUNK, size)];
        new SplittableRandom(size).nextBytes(noise);
        try (FileChannel out =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            for (long left = size; left > 0; ) {
                ByteBuffer chunk = ByteBuffer.wrap(noise, 0, (int) Math.min(left, noise.length));
                left -= chunk.remaining();
                while (chunk.hasRemaining()) {
                    out.write(chunk);
                }
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Gives its room back. */
    void release() throws IOException {
        Files.deleteIfExists(file);
    }
}

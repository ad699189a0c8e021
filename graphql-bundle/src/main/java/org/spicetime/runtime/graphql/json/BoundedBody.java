// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.json;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A body that grows up to a limit, whatever its announced length says. Used by one thread at a
 * time.
 */
public final class BoundedBody {
    private static final int FIRST_BYTES = 2048;

    private final int limitBytes;
    private byte[] bytes;
    private int length;

    /**
     * @param announcedBytes the length its sender announced, negative if none
     * @param limitBytes the most it may have
     * @throws BodyTooLargeException if more is announced
     */
    public BoundedBody(long announcedBytes, int limitBytes) throws BodyTooLargeException {
        if (announcedBytes > limitBytes) throw new BodyTooLargeException(limitBytes);
        this.limitBytes = limitBytes;
        // A byte more, so that its end is seen without growing; little for one who only announces.
        int first = announcedBytes >= 0 ? (int) announcedBytes + 1 : FIRST_BYTES;
        this.bytes = new byte[Math.min(first, Math.min(limitBytes + 1, 8 * FIRST_BYTES))];
    }

    /**
     * Takes what one read gives; waits if the stream does.
     *
     * @return false: this was the end
     * @throws BodyTooLargeException as soon as the limit is passed
     */
    public boolean readFrom(InputStream stream) throws IOException, BodyTooLargeException {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(2L * length, limitBytes + 1L));
        }
        int count = stream.read(bytes, length, bytes.length - length);
        if (count < 0) return false;
        length += count;
        if (length > limitBytes) throw new BodyTooLargeException(limitBytes);
        return true;
    }

    /** How many bytes have come. */
    public int length() {
        return length;
    }

    /** What has come. */
    public byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }
}

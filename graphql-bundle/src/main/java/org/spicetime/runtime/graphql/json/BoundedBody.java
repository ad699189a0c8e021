// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.json;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads a body up to a limit, whatever its announced length says. Thread-safe. */
public final class BoundedBody {
    private static final int FIRST_BYTES = 2048;

    private BoundedBody() {}

    /**
     * All bytes of a body.
     *
     * @param announcedBytes the length its sender announced, negative if none
     * @throws BodyTooLargeException as soon as the limit is passed
     */
    public static byte[] read(InputStream body, long announcedBytes, int limitBytes)
            throws IOException, BodyTooLargeException {
        if (announcedBytes > limitBytes) throw new BodyTooLargeException(limitBytes);
        int first = announcedBytes >= 0 ? (int) announcedBytes + 1 : FIRST_BYTES;
        byte[] bytes = new byte[Math.min(first, limitBytes + 1)];
        int length = 0;
        while (true) {
            int count = body.read(bytes, length, bytes.length - length);
            if (count < 0) return Arrays.copyOf(bytes, length);
            length += count;
            if (length > limitBytes) throw new BodyTooLargeException(limitBytes);
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(2 * length, limitBytes + 1));
            }
        }
    }
}

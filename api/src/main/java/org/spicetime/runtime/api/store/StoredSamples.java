// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Measurements of a domain over a short span, packed by the host; the store does not look inside.
 *
 * <p>Immutable: bytes are copied on the way in and on the way out.
 *
 * @param resolution time between two samples; positive; 24 hours at most
 * @param start beginning of the span; with the resolution it names the block
 * @param keptFor blocks of this domain and resolution that begin earlier than this before {@code
 *     start} may be removed; positive
 * @param bytes the samples; 1 to {@value #MAX_BYTES} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // copied on both ways, compared by content
public record StoredSamples(Duration resolution, Instant start, Duration keptFor, byte[] bytes) {

    /** Most bytes of a block. */
    public static final int MAX_BYTES = 256 << 10;

    private static final Duration LONGEST = Duration.ofHours(24);

    /**
     * Checks the spans and the size.
     *
     * @throws IllegalArgumentException if one is not as described
     */
    public StoredSamples {
        Objects.requireNonNull(start, "start");
        if (!resolution.isPositive() || resolution.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "resolution must be positive and 24 hours at most, was " + resolution);
        }
        if (!keptFor.isPositive()) {
            throw new IllegalArgumentException("kept for must be positive, was " + keptFor);
        }
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "samples must have 1 to " + MAX_BYTES + " bytes, had " + bytes.length);
        }
        bytes = bytes.clone();
    }

    /**
     * The samples.
     *
     * @return a copy
     */
    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StoredSamples that
                && resolution.equals(that.resolution)
                && start.equals(that.start)
                && keptFor.equals(that.keptFor)
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(resolution, start, keptFor, Arrays.hashCode(bytes));
    }

    /** Span and size only. */
    @Override
    public String toString() {
        return "StoredSamples[%s from %s, %d bytes]".formatted(resolution, start, bytes.length);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

/**
 * Sizes of the pool a strategy divides. Where the memory lies is none of its business.
 *
 * <p>Immutable.
 *
 * @param granuleBytes offsets and sizes of zones and blocks are multiples of this; a power of two,
 *     as the strategy's descriptor says
 * @param poolBytes all zones lie below this offset; a multiple of the granule
 * @param zoneBytes size of a regular zone; a power of two, at least the granule, at most the pool.
 *     The last zones of a pool may be smaller, again powers of two
 */
public record Geometry(long granuleBytes, long poolBytes, long zoneBytes) {

    /**
     * Checks the sizes against each other.
     *
     * @throws IllegalArgumentException if a size is not as described
     */
    public Geometry {
        if (granuleBytes <= 0 || Long.bitCount(granuleBytes) != 1) {
            throw new IllegalArgumentException(
                    "granule must be a power of two, was " + granuleBytes + " bytes");
        }
        if (poolBytes <= 0 || poolBytes % granuleBytes != 0) {
            throw new IllegalArgumentException(
                    "pool must be a positive multiple of %d bytes, was %d"
                            .formatted(granuleBytes, poolBytes));
        }
        if (zoneBytes < granuleBytes || zoneBytes > poolBytes || Long.bitCount(zoneBytes) != 1) {
            throw new IllegalArgumentException(
                    "zone must be a power of two from %d to %d bytes, was %d"
                            .formatted(granuleBytes, poolBytes, zoneBytes));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.util.BitSet;

/**
 * Which pages of a pool may hold something other than zero. A large block on pages that were never
 * used need not be wiped, nor made resident. Guarded by the caller.
 */
final class PageLedger {
    private static final long PAGE = LinuxMapping.PAGE_BYTES;

    private final BitSet dirty = new BitSet();

    /** First offset at or above that is on a page border. */
    static long ceil(long offset) {
        return (offset + PAGE - 1) & -PAGE;
    }

    /** Last offset at or below that is on a page border. */
    static long floor(long offset) {
        return offset & -PAGE;
    }

    /** Whether all pages that lie in the range as a whole are zero. */
    boolean innerPagesClean(long offset, long length) {
        return !anyDirty(page(ceil(offset)), page(floor(offset + length)));
    }

    /** Whether a page of a range of whole pages may hold something. */
    boolean dirty(long offset, long length) {
        return anyDirty(page(offset), page(offset + length));
    }

    void used(long offset, long length) {
        dirty.set(page(floor(offset)), page(ceil(offset + length)));
    }

    void cleaned(long offset, long length) {
        dirty.clear(page(offset), page(offset + length));
    }

    /** Nothing lies from here on any more. */
    void cut(long end) {
        dirty.clear(page(ceil(end)), Math.max(page(ceil(end)), dirty.length()));
    }

    /** Bytes of pages that may hold something, and so are probably resident. */
    long dirtyBytes() {
        return dirty.cardinality() * PAGE;
    }

    private boolean anyDirty(int first, int end) {
        int next = dirty.nextSetBit(first);
        return next >= 0 && next < end;
    }

    private static int page(long offset) {
        return (int) (offset / PAGE);
    }
}

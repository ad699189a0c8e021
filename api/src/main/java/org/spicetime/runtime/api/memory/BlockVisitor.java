// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Is shown the live blocks of a strategy. Called by one thread at a time, inside {@link
 * AllocationStrategy#forEachBlock} only.
 */
@ProviderType
@FunctionalInterface
public interface BlockVisitor {

    /**
     * One live block.
     *
     * @param id the block
     * @param offset where it begins, bytes
     * @param size how large it is, bytes, rounding included
     */
    void visit(long id, long offset, long size);
}

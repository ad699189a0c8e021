// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.magazine;

import java.util.function.LongSupplier;
import org.spicetime.runtime.kernel.memory.BlockOwner;

/**
 * The pool behind magazines. All but {@link #locked} is called inside of it; no lock of a magazine
 * is held when it is entered.
 */
public interface Depot {
    /** Does something under the lock of the pool. */
    long locked(LongSupplier work);

    /** Whether it is open, and its strategy one in front of which magazines make sense. */
    boolean suits();

    /** A block of at least that size; negative: there is none. */
    long allocate(BlockOwner owner, long size);

    /** Where a block begins in the pool, bytes. */
    long offset(long block);

    /** How large a block is, bytes. */
    long size(long block);

    /** Gives a block back. */
    void release(long block);

    /** Puts a block down to another owner. */
    void handOver(long block, BlockOwner to);

    /** Where the pool lies: the address of its first byte. */
    long base();

    /** Size of the pool in force, bytes. */
    long totalBytes();

    /** What is neither used nor kept for somebody, bytes. */
    long availableBytes();
}

// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

/**
 * Moves the bytes of blocks, and decides which may be moved just now. The plan has checked the new
 * place before it asks. Called under the lock of the {@link PoolPlan}, on the thread that asked for
 * the step; it must not call the plan back.
 */
public interface BlockMover {
    /**
     * Copies a block to its new place, all of it or nothing.
     *
     * @param block id of the block in the plan
     * @param from where it lies, bytes from the beginning of the pool
     * @param to where it is to lie; both ranges may overlap each other
     * @param size bytes, rounding included
     * @return true: copied, whoever looks for the block finds it at the new place from now on;
     *     false: it is in use and stays where it is, unharmed
     */
    boolean move(long block, long from, long to, long size);

    /** Whether the time of this step is used up. Cheap. */
    boolean over();
}

// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Divides the zones of one pool into blocks. It does book-keeping only: numbers in, numbers out.
 * Its descriptors lie beside the pool, never in it, so nothing a task writes can damage them.
 *
 * <p>The host has done its part before each call: quotas are checked, arguments are in range, and
 * memory is wiped where the owner changes. After each call a guard checks the answer; a block that
 * overlaps a live one, leaves the strategy's zones or is misaligned ejects the strategy, and so do
 * an exception that is not documented here and repeated calls that take longer than 1 ms.
 *
 * <p>A block is known by its id, a number from 0 up that the strategy chooses. The id stays the
 * same while the block lives, also when it moves; it may be used again afterwards, but not at once
 * if stale ids are to be told apart, as they should be.
 *
 * <p>Called by one thread at a time, under the pool's lock, unless the descriptor says {@link
 * Concurrency#INTERNAL}.
 *
 * <p>The two-level segregated fit algorithm, the reference for bounded time, is due to M. Masmano,
 * I. Ripoll, A. Crespo and J. Real, <i>TLSF: A New Dynamic Memory Allocator for Real-Time
 * Systems</i>, ECRTS 2004.
 */
@ConsumerType
public interface AllocationStrategy {

    /**
     * Finds room for a block. On every allocation that the host's caches do not serve; aim below a
     * microsecond.
     *
     * @param size bytes wanted; positive. The block may be larger, see {@link #size}
     * @param align the offset must be a multiple of this; a power of two, at most the zone size
     * @param hint blocks with the same hint will probably be released together; 0: nothing known. A
     *     strategy may ignore it
     * @return id of the block, 0 or larger; or the {@link AllocationFailure#result()} of the reason
     *     why there is none
     */
    long allocate(long size, long align, int hint);

    /**
     * Gives a block back. On every release that the host's caches do not keep; aim below a
     * microsecond.
     *
     * @param id the block
     * @throws IllegalArgumentException if no such block lives; nothing changes then
     */
    void release(long id);

    /**
     * Where a block begins.
     *
     * @param id the block
     * @return bytes from the beginning of the pool
     * @throws IllegalArgumentException if no such block lives
     */
    long offset(long id);

    /**
     * How large a block is, rounding included.
     *
     * @param id the block
     * @return bytes; at least what was asked for, a multiple of the granule
     * @throws IllegalArgumentException if no such block lives
     */
    long size(long id);

    /**
     * Makes a block larger or smaller without moving it.
     *
     * @param id the block
     * @param newSize bytes wanted; positive
     * @return true: done; false: not possible here, and nothing changed. The default never can
     * @throws IllegalArgumentException if no such block lives
     */
    default boolean resizeInPlace(long id, long newSize) {
        return false;
    }

    /**
     * Proposes moves that join free memory. The sink copies at once and answers whether it did;
     * only then the strategy takes the new offset over. Called in steps, between two of which
     * anything may be allocated and released. Only if the descriptor says movable.
     *
     * <p>The pool's lock is held meanwhile, so a call should be short: the strategy stops at the
     * budget and when {@link MoveSink#over} says so, remembers where it was, and goes on from there
     * at the next call. A call that proposes far more moves than there are blocks ejects.
     *
     * <p>Sliding compaction moves blocks in the order of their offsets to the lowest free place: D.
     * E. Knuth, <i>The Art of Computer Programming</i>, volume 1, section 2.5.
     *
     * @param sink takes the moves; not to be kept after the call
     * @param byteBudget stop when the blocks moved in this call reach so many bytes; positive. The
     *     last one may exceed it
     * @return true: a further call would achieve more; false: nothing left to gain, and the next
     *     call begins anew. The default moves nothing
     */
    default boolean planMoves(MoveSink sink, long byteBudget) {
        return false;
    }

    /**
     * Adds free memory. Zones never overlap; neighbouring ones form one extent, and a block may lie
     * across their border. Rarely: at the start and when a pool grows or changes strategy.
     *
     * @param offset where the zone begins; a multiple of the granule
     * @param length bytes; a power of two, a multiple of the granule
     * @throws IllegalArgumentException if it overlaps a zone, or leaves the pool; nothing changes
     *     then
     */
    void addZone(long offset, long length);

    /**
     * Takes a zone out, if no live block touches it. Rarely: when a pool shrinks or changes
     * strategy.
     *
     * @param offset where the zone begins
     * @return true: no block will be placed in it any more; false: it holds a live block, and
     *     nothing changed
     * @throws IllegalArgumentException if no zone begins there
     */
    boolean dropZone(long offset);

    /**
     * How free memory lies. For metrics, about once a second and on request; aim below 100
     * microseconds.
     *
     * @return the numbers of this moment
     */
    FragmentationStats stats();

    /**
     * Shows every live block once, in any order. For audits; the host compares it with its own
     * table. The visitor does not call back.
     *
     * @param visitor is shown the blocks
     */
    void forEachBlock(BlockVisitor visitor);
}

// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

/*
 * The generator is SplitMix64 (G. L. Steele, D. Lea, C. H. Flood: Fast Splittable Pseudorandom Number
 * Generators, OOPSLA 2014), written out, so that anybody can replay the trace in any language: for each
 * operation first the slot, then the size. A slot is the upper 32 bits of a number times the number of
 * slots, divided by 2^32; a size is min * (max / min)^u, rounded down, with u the upper 53 bits of a
 * number divided by 2^53.
 */
/**
 * A sequence of allocations: the first fill all slots in order, each further one releases what a
 * random slot holds and allocates anew. Sizes are spread evenly over their logarithm. The same
 * numbers give the same trace everywhere. Immutable.
 */
final class Trace {
    private final String name;
    private final int live;
    private final int[] slots;
    private final int[] sizes;
    private final long peakBytes;

    private Trace(String name, int live, int[] slots, int[] sizes) {
        this.name = name;
        this.live = live;
        this.slots = slots;
        this.sizes = sizes;
        this.peakBytes = peak();
    }

    /**
     * A trace.
     *
     * @param name for people
     * @param live number of slots
     * @param pairs how often a block is released and another one allocated
     * @param least smallest size, bytes
     * @param most largest size, bytes
     * @param laterFactor what sizes are multiplied by in the second half of the pairs
     */
    static Trace of(
            String name, int live, int pairs, int least, int most, int laterFactor, long seed) {
        int[] slots = new int[live + pairs];
        int[] sizes = new int[live + pairs];
        double ratio = (double) most / least;
        long state = seed;
        for (int i = 0; i < slots.length; i++) {
            long first = mix(state += 0x9E3779B97F4A7C15L);
            slots[i] = i < live ? i : (int) ((first >>> 32) * live >>> 32);
            double u = (mix(state += 0x9E3779B97F4A7C15L) >>> 11) * 0x1p-53;
            int size = (int) (least * StrictMath.pow(ratio, u));
            sizes[i] = i < live + pairs / 2 ? size : size * laterFactor;
        }
        return new Trace(name, live, slots, sizes);
    }

    private static long mix(long state) {
        long z = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    String name() {
        return name;
    }

    /** Number of slots, and of blocks that live after the first so many operations. */
    int live() {
        return live;
    }

    /** Number of operations, those that fill the slots included. */
    int operations() {
        return slots.length;
    }

    int pairs() {
        return slots.length - live;
    }

    int slot(int operation) {
        return slots[operation];
    }

    int size(int operation) {
        return sizes[operation];
    }

    /** The most bytes that were asked for and not yet released at once. */
    long peakBytes() {
        return peakBytes;
    }

    private long peak() {
        int[] held = new int[live];
        long now = 0;
        long peak = 0;
        for (int i = 0; i < slots.length; i++) {
            now += sizes[i] - held[slots[i]];
            held[slots[i]] = sizes[i];
            peak = Math.max(peak, now);
        }
        return peak;
    }
}

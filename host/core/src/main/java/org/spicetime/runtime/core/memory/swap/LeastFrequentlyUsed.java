// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.util.Arrays;

/**
 * The block with the fewest pins goes first, among equals the one that has had so many for the
 * longest time. Pins are counted up to {@value #MOST}, also while a block is swapped out; after as
 * many pins as there are blocks, times {@value #AGE}, all counts are halved, so that what was used
 * once is not kept for ever. Every pin takes a lock. After Shah, Mitra and Matani, "An O(1)
 * algorithm for implementing the LFU cache eviction scheme" (2010).
 */
final class LeastFrequentlyUsed implements VictimSelector {
    static final int MOST = 255;
    static final int AGE = 16;

    private final Links links = new Links();
    private final Links.Queue[] byCount = new Links.Queue[MOST + 1];
    private short[] counts = new short[0];
    private int blocks;
    private long pinsSinceAged;

    LeastFrequentlyUsed() {
        Arrays.setAll(byCount, count -> links.queue());
    }

    @Override
    public void added(int id) {
        if (id >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(64, Math.max(id + 1, counts.length * 2)));
        }
        byCount[counts[id]].add(id);
        blocks++;
    }

    @Override
    public void ended(int id) {
        if (links.queueOf(id) != null) {
            links.remove(id);
            blocks--;
        }
        if (id < counts.length) {
            counts[id] = 0;
        }
    }

    @Override
    public int next() {
        for (Links.Queue queue : byCount) {
            if (!queue.isEmpty()) {
                blocks--;
                return queue.poll();
            }
        }
        return NONE;
    }

    @Override
    public boolean countsPins() {
        return true;
    }

    @Override
    public void pinned(int id) {
        if (links.queueOf(id) == null) {
            return;
        }
        links.remove(id);
        counts[id] = (short) Math.min(counts[id] + 1, MOST);
        byCount[counts[id]].add(id);
        if (++pinsSinceAged >= (long) blocks * AGE) {
            age();
        }
    }

    private void age() {
        pinsSinceAged = 0;
        for (int id = 0; id < counts.length; id++) {
            counts[id] = (short) (counts[id] / 2);
        }
        for (int count = 1; count <= MOST; count++) {
            int half = count / 2;
            for (int id = byCount[count].poll(); id != NONE; id = byCount[count].poll()) {
                byCount[half].add(id);
            }
        }
    }
}

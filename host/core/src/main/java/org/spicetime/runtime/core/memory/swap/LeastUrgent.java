// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The blocks of the least urgent task go first, and of these the coldest, as CLOCK finds them.
 * Tasks are compared by their priorities of the moment. A choice costs a look at each task with
 * blocks, a pin nothing but the bit it sets.
 */
final class LeastUrgent implements VictimSelector {
    private final BlockView blocks;
    private final Links links = new Links();
    private final Map<Object, Links.Queue> byOwner = new LinkedHashMap<>();

    LeastUrgent(BlockView blocks) {
        this.blocks = blocks;
    }

    @Override
    public void added(int id) {
        byOwner.computeIfAbsent(blocks.owner(id), owner -> links.queue()).add(id);
    }

    @Override
    public void ended(int id) {
        links.remove(id);
    }

    @Override
    public int next() {
        byOwner.values().removeIf(Links.Queue::isEmpty);
        Links.Queue least = null;
        int lowest = Integer.MAX_VALUE;
        for (Links.Queue queue : byOwner.values()) {
            int priority = blocks.priority(queue.first());
            if (least == null || priority < lowest) {
                least = queue;
                lowest = priority;
            }
        }
        return least == null ? NONE : SecondChance.next(least, blocks);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

/**
 * CLOCK: blocks stand in a circle, and the hand passes over those that were pinned since it came by
 * the last time. A pin costs nothing but the bit it sets. See Corbató, "A Paging Experiment with
 * the Multics System" (1968).
 */
final class SecondChance implements VictimSelector {
    private final BlockView blocks;
    private final Links links = new Links();
    private final Links.Queue circle = links.queue();

    SecondChance(BlockView blocks) {
        this.blocks = blocks;
    }

    @Override
    public void added(int id) {
        circle.add(id);
    }

    @Override
    public void ended(int id) {
        links.remove(id);
    }

    @Override
    public int next() {
        return next(circle, blocks);
    }

    /* Ends although pins go on: whoever was passed over by this call is taken when it comes again. */
    static int next(Links.Queue circle, BlockView blocks) {
        int firstPassed = NONE;
        int id = circle.poll();
        while (id != NONE && id != firstPassed && blocks.takeReference(id)) {
            if (firstPassed == NONE) {
                firstPassed = id;
            }
            circle.add(id);
            id = circle.poll();
        }
        return id;
    }
}

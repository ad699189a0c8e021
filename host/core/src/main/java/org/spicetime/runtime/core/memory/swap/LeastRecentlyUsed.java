// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

/** The block whose last pin is longest ago goes first. Exact; every pin takes a lock. */
final class LeastRecentlyUsed implements VictimSelector {
    private final Links links = new Links();
    private final Links.Queue order = links.queue();

    @Override
    public void added(int id) {
        order.add(id);
    }

    @Override
    public void ended(int id) {
        links.remove(id);
    }

    @Override
    public int next() {
        return order.poll();
    }

    @Override
    public boolean countsPins() {
        return true;
    }

    @Override
    public void pinned(int id) {
        if (links.queueOf(id) != null) {
            links.remove(id);
            order.add(id);
        }
    }
}

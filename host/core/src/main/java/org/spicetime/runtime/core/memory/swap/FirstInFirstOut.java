// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

/** The block that is resident for the longest time goes first, whether it is used or not. */
final class FirstInFirstOut implements VictimSelector {
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
}

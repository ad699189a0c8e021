// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/** {@link Arena#ofConfined} for each block: what the JDK offers for single blocks. It zeroes. */
final class ConfinedArenas implements Subject {
    private @Nullable Arena[] arenas = new Arena[0];
    private long sink;

    ConfinedArenas() {}

    @Override
    public String name() {
        return "Arena.ofConfined";
    }

    @Override
    public boolean madeAnew() {
        return false;
    }

    @Override
    public void begin(int slots) {
        arenas = new Arena[slots];
    }

    @Override
    public boolean put(int slot, int bytes) {
        Arena arena = Arena.ofConfined();
        arenas[slot] = arena;
        sink += arena.allocate(bytes, 16).address();
        return true;
    }

    @Override
    public void take(int slot) {
        Arena arena = arenas[slot];
        if (arena != null) arena.close();
        arenas[slot] = null;
    }

    @Override
    public void end() {
        for (int slot = 0; slot < arenas.length; slot++) take(slot);
        if (sink == 0) throw new IllegalStateException("no block had an address");
    }
}

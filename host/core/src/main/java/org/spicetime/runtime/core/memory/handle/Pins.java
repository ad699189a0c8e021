// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** The open pins of one handle: as a rule one, which costs one exchange. Thread-safe. */
final class Pins {
    private static final AtomicReferenceFieldUpdater<Pins, @Nullable BlockPin> ONE =
            AtomicReferenceFieldUpdater.newUpdater(Pins.class, BlockPin.class, "one");

    private volatile @Nullable BlockPin one;
    private volatile @Nullable Set<BlockPin> others;

    void add(BlockPin pin) {
        if (!ONE.compareAndSet(this, null, pin)) {
            others().add(pin);
        }
    }

    /** Whether it was there. */
    boolean remove(BlockPin pin) {
        if (ONE.compareAndSet(this, pin, null)) {
            return true;
        }
        Set<BlockPin> more = others;
        return more != null && more.remove(pin);
    }

    /** Those that are open now. */
    List<BlockPin> open() {
        List<BlockPin> open = new ArrayList<>(1);
        BlockPin first = one;
        if (first != null) {
            open.add(first);
        }
        Set<BlockPin> more = others;
        if (more != null) {
            open.addAll(more);
        }
        return open;
    }

    private synchronized Set<BlockPin> others() {
        Set<BlockPin> more = others;
        if (more == null) {
            more = ConcurrentHashMap.newKeySet();
            others = more;
        }
        return more;
    }
}

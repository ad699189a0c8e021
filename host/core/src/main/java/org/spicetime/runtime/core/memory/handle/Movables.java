// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The movable blocks of one pool that live, in the pool or swapped out. Thread-safe; what it shows
 * may be freed meanwhile, the state of the handle tells.
 */
public final class Movables {

    /** Hears which blocks there are. Thread-safe, quick; a lock of the pool may be held. */
    public interface Listener {
        /** A block lives from now on. */
        void added(Movable handle);

        /** It does not any more. */
        void removed(Movable handle);
    }

    private final ConcurrentHashMap<Long, Movable> resident = new ConcurrentHashMap<>();
    private final Collection<Movable> all = ConcurrentHashMap.newKeySet();
    private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable SwapSpace swapSpace;

    /** A pool without movable blocks. */
    public Movables() {}

    /**
     * The block of that id in the plan of the pool; empty: none, it is no movable one, or swapped.
     */
    public Optional<Movable> find(long block) {
        return Optional.ofNullable(resident.get(block));
    }

    /** All of them, swapped ones too; weakly consistent. */
    public Collection<Movable> all() {
        return Collections.unmodifiableCollection(all);
    }

    /** How many there are. */
    public int size() {
        return all.size();
    }

    /** Tells of blocks that come and go from now on; those there are first. */
    public void listen(Listener listener) {
        listeners.add(listener);
        all.forEach(listener::added);
    }

    /** Tells no more. */
    public void unlisten(Listener listener) {
        listeners.remove(listener);
    }

    /** Where swapped blocks are; null: nothing is swapped out. */
    public @Nullable SwapSpace swapSpace() {
        return swapSpace;
    }

    /** To be set before the first block is swapped out. */
    public void swapSpace(@Nullable SwapSpace space) {
        swapSpace = space;
    }

    /** A new one lives. */
    public void add(Movable handle) {
        resident.put(handle.block(), handle);
        all.add(handle);
        listeners.forEach(listener -> listener.added(handle));
    }

    /**
     * One is freed.
     *
     * @param block its last id in the plan; {@link Movable#NO_BLOCK}: it was swapped out
     */
    public void remove(Movable handle, long block) {
        resident.remove(block, handle);
        all.remove(handle);
        listeners.forEach(listener -> listener.removed(handle));
    }

    /** A frozen one leaves its block, before {@link Movable#left}. */
    public void leaves(Movable handle) {
        resident.remove(handle.block(), handle);
    }

    /** A frozen one came back, after {@link Movable#cameBack} and before it thaws. */
    public void returned(Movable handle) {
        resident.put(handle.block(), handle);
    }
}

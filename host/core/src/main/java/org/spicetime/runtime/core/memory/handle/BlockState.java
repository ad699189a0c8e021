// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/*
 * The word: two bits of state (resident, frozen, swapped, freed), one bit "referenced", one bit
 * "recalled" (the next pin is the one it was read back for), and the number of pins, which is not 0
 * only while resident.
 */
/**
 * Whether the bytes of one block may be reached, in one word. A pin keeps a block where it is;
 * freezing keeps pins out while somebody moves the block or writes it to the swap file. What was
 * written to the fields of a handle while it was frozen is seen by every later pin.
 *
 * <pre>
 *              tryPin, unpin
 *                  v  ^
 *   (new) --> RESIDENT, PINNED ---- tryFreeze, only without pins ----> FROZEN
 *                  ^     |                                             |    |
 *                  |     +-- tryFree, only without pins --> FREED <----|----+-- freed
 *                  +------------------ thaw ---------------------------+
 *                                                                      |
 *                 SWAPPED <---------------- swappedOut ----------------+
 *                    |  +------------------ tryRecall --------------> FROZEN
 *                    +--- tryFree --> FREED
 * </pre>
 *
 * <p>The state word follows the page state of vmcache (V. Leis, A. Alhomssi, T. Ziegler, Y. Loeck,
 * C. Dietrich, <i>Virtual-Memory Assisted Buffer Management</i>, SIGMOD 2023), without its version:
 * readers here pin.
 *
 * <p>Thread-safe, without locks.
 */
public class BlockState {
    /** What a block is found in. */
    public enum State {
        /** In the pool, and nobody has it pinned. */
        RESIDENT,
        /** In the pool, and somebody has it pinned: it stays where it is. */
        PINNED,
        /** Somebody moves, writes or reads it; over soon. */
        FROZEN,
        /** Its bytes are in the swap file only. */
        SWAPPED,
        /** Nobody's any more. */
        FREED
    }

    /** Most pins of one block at a time. */
    public static final int MOST_PINS = (1 << 28) - 1;

    private static final int RECALLED = 1 << 28;
    private static final int REFERENCED = 1 << 29;
    private static final int FROZEN = 1 << 30;
    private static final int SWAPPED = 2 << 30;
    private static final int FREED = 3 << 30;
    private static final int STATE = 3 << 30;

    private static final int SPINS = 64;
    private static final long NAP_NANOS = 20_000;

    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(BlockState.class, "word", int.class);
        } catch (ReflectiveOperationException defect) {
            throw new ExceptionInInitializerError(defect);
        }
    }

    @SuppressWarnings("FieldMayBeFinal") // through WORD
    private volatile int word = REFERENCED;

    /** A block in the pool, without pins, referenced. */
    public BlockState() {}

    /**
     * Pins the block if it is in the pool, and marks it as referenced. Does not wait.
     *
     * @return PINNED: it is pinned now, {@link #unpin} is due; else the state that prevents it:
     *     FROZEN, SWAPPED or FREED
     * @throws IllegalStateException if it has {@value #MOST_PINS} pins
     */
    public final State tryPin() {
        while (true) {
            int seen = word;
            if ((seen & STATE) != 0) {
                return state(seen);
            }
            if ((seen & MOST_PINS) == MOST_PINS) {
                throw new IllegalStateException(
                        "a block is pinned at most " + MOST_PINS + " times");
            }
            if (WORD.compareAndSet(this, seen, pinned(seen))) {
                return State.PINNED;
            }
        }
    }

    /**
     * As {@link #tryPin}, and only if nobody has it pinned.
     *
     * @return RESIDENT: it is pinned now, {@link #unpin} is due; else the state that prevents it,
     *     PINNED among them
     */
    public final State tryPinAlone() {
        while (true) {
            int seen = word;
            State state = state(seen);
            if (state != State.RESIDENT || WORD.compareAndSet(this, seen, pinned(seen))) {
                return state;
            }
        }
    }

    /**
     * Ends one pin.
     *
     * @throws IllegalStateException if it has none: a defect of the host
     */
    public final void unpin() {
        while (true) {
            int seen = word;
            if (state(seen) != State.PINNED) {
                throw new IllegalStateException("unpinned without a pin: " + state(seen));
            }
            if (WORD.compareAndSet(this, seen, seen - 1)) {
                return;
            }
        }
    }

    /**
     * Keeps pins out, if there are none. The caller alone decides what becomes of the block then:
     * {@link #thaw}, {@link #swappedOut} or {@link #freed}, soon, since pinners wait.
     *
     * @return false: it is not in the pool, somebody has it pinned, or somebody else froze it
     */
    public final boolean tryFreeze() {
        int seen = word;
        return (seen & ~(REFERENCED | RECALLED)) == 0
                && WORD.compareAndSet(this, seen, FROZEN | seen & REFERENCED);
    }

    /** The block is in the pool, where its handle says: after a freeze or a recall. */
    public final void thaw() {
        leaveFrozen(0);
    }

    /**
     * As {@link #thaw}, after a recall for somebody who pins it now: that pin does not mark it as
     * referenced, only the next one does. So what is used once leaves again before what is used
     * twice, as with the first queue of 2Q (T. Johnson, D. Shasha, VLDB 1994).
     */
    public final void thawRecalled() {
        leaveFrozen(RECALLED);
    }

    /** Its bytes are in the swap file only: after a freeze, or after a recall that failed. */
    public final void swappedOut() {
        leaveFrozen(SWAPPED);
    }

    /** It is nobody's any more: after a freeze or a recall. */
    public final void freed() {
        leaveFrozen(FREED);
    }

    /**
     * Freezes a block that is swapped out, to read it back: one of many that want it does that,
     * {@link #thaw} or {@link #swappedOut} is due then.
     *
     * @return false: it is not swapped out, or no longer
     */
    public final boolean tryRecall() {
        int seen = word;
        return (seen & STATE) == SWAPPED
                && WORD.compareAndSet(this, seen, FROZEN | seen & REFERENCED);
    }

    /**
     * Makes the block nobody's, unless it is in use. Does not wait.
     *
     * @return RESIDENT or SWAPPED: it was that, and is FREED now, by this call; else the state that
     *     prevents it: PINNED, FROZEN or FREED
     */
    public final State tryFree() {
        while (true) {
            int seen = word;
            State state = state(seen);
            if (state != State.RESIDENT && state != State.SWAPPED
                    || WORD.compareAndSet(this, seen, FREED)) {
                return state;
            }
        }
    }

    /** Waits until it is not frozen; an interrupt is kept and does not end the wait. */
    public final void awaitThaw() {
        boolean interrupted = false;
        for (int look = 0; (word & STATE) == FROZEN; look++) {
            if (look < SPINS) {
                Thread.onSpinWait();
            } else {
                interrupted |= Thread.interrupted();
                LockSupport.parkNanos(this, NAP_NANOS);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What it is in now; may be over when this returns. */
    public final State state() {
        return state(word);
    }

    /** Pins it has now. */
    public final int pins() {
        int seen = word;
        return (seen & STATE) == 0 ? seen & MOST_PINS : 0;
    }

    /** Whether it was pinned since the last {@link #takeReferenced}; a new block counts as such. */
    public final boolean referenced() {
        return (word & REFERENCED) != 0;
    }

    /** Whether it was pinned since the last call. The second chance of CLOCK. */
    public final boolean takeReferenced() {
        return referenced() && ((int) WORD.getAndBitwiseAnd(this, ~REFERENCED) & REFERENCED) != 0;
    }

    private void leaveFrozen(int next) {
        while (true) {
            int seen = word;
            if ((seen & STATE) != FROZEN) {
                throw new IllegalStateException("a frozen block was meant, found " + state(seen));
            }
            int kept = next == FREED || next == RECALLED ? 0 : seen & REFERENCED;
            if (WORD.compareAndSet(this, seen, next | kept)) {
                return;
            }
        }
    }

    private static int pinned(int word) {
        int referenced = (word & RECALLED) == 0 ? REFERENCED : 0;
        return (word & ~RECALLED | referenced) + 1;
    }

    private static State state(int word) {
        return switch (word & STATE) {
            case 0 -> (word & MOST_PINS) == 0 ? State.RESIDENT : State.PINNED;
            case FROZEN -> State.FROZEN;
            case SWAPPED -> State.SWAPPED;
            default -> State.FREED;
        };
    }
}

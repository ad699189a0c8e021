// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import org.spicetime.runtime.api.handler.HandlerDescriptor;

/** What a simulated task does next. Spans are in units of the simulation. Immutable. */
public sealed interface Step {
    /**
     * Computes.
     *
     * @param span processor time, 1 or more
     */
    record Run(long span) implements Step {
        public Run {
            atLeastOne("run", span);
        }
    }

    /**
     * Waits for something outside, without a slot, as input and output do.
     *
     * @param span how long, 1 or more
     */
    record Block(long span) implements Step {
        public Block {
            atLeastOne("block", span);
        }
    }

    /**
     * Takes a lock of the domain; waits without a slot until it is free. Takes no time, and happens
     * when the task is next to run.
     *
     * @param name of the lock
     */
    record Lock(String name) implements Step {
        public Lock {
            lockName(name);
        }
    }

    /**
     * Gives a lock back. Takes no time, and happens when the task is next to run.
     *
     * @param name of the lock
     */
    record Unlock(String name) implements Step {
        public Unlock {
            lockName(name);
        }
    }

    /** Takes a lock. */
    static Step lock(String name) {
        return new Lock(name);
    }

    /** Gives a lock back. */
    static Step unlock(String name) {
        return new Unlock(name);
    }

    /** Computes for so long. */
    static Step run(long span) {
        return new Run(span);
    }

    /** Waits for so long, without a slot. */
    static Step block(long span) {
        return new Block(span);
    }

    private static void lockName(String name) {
        if (!HandlerDescriptor.isLockName(name))
            throw new IllegalArgumentException("no name of a lock: \"" + name + "\"");
    }

    private static void atLeastOne(String what, long span) {
        if (span < 1) throw new IllegalArgumentException(what + " must be 1 or more, was " + span);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

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

    /** Computes for so long. */
    static Step run(long span) {
        return new Run(span);
    }

    /** Waits for so long, without a slot. */
    static Step block(long span) {
        return new Block(span);
    }

    private static void atLeastOne(String what, long span) {
        if (span < 1) throw new IllegalArgumentException(what + " must be 1 or more, was " + span);
    }
}

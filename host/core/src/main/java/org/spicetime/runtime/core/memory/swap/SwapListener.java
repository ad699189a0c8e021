// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import org.spicetime.runtime.api.TaskId;

/**
 * Hears what happens to the swap file of a pool. Called on the thread that noticed it, which holds
 * no lock; should be quick, and must not throw.
 */
public interface SwapListener {
    /** Hears nothing. */
    SwapListener NONE = new SwapListener() {};

    /**
     * The file cannot take any more, or cannot be read: nothing is swapped out until the policy is
     * set again. What is in the file stays readable as far as it can be read.
     *
     * @param message what was seen, and what follows, in one sentence
     */
    default void swapFailed(String message) {}

    /**
     * The bytes of a block in the file are not what was written.
     *
     * @param task whose block it is
     * @param message what was seen, in one sentence
     */
    default void swapDamaged(TaskId task, String message) {}

    /**
     * The pool does little else but exchange blocks: new allocations swap nothing out any more. Or
     * that is over.
     *
     * @param begins whether it begins
     * @param ratio share of pins that found their block swapped out, over ten seconds
     */
    default void thrashing(boolean begins, double ratio) {}
}

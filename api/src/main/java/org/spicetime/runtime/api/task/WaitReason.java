// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

/** Why a task could not run. Immutable. */
public enum WaitReason {
    /** More urgent or earlier tasks had the processor. */
    PROCESSOR,
    /** The domain had used up its processor share. */
    BUDGET,
    /** Another task was not done. */
    DEPENDENCY,
    /** Memory was short. */
    MEMORY,
    /** A lock was held. */
    LOCK,
    /** A limit on its handler or concurrency key was used up, or its handler was not deployed. */
    LIMIT,
    /** The network or a disk did not answer yet. */
    IO,
    /** Its {@code runAt} had not come. */
    SCHEDULE,
    /** The next attempt was not due. */
    RETRY,
    /** It was suspended, or its domain paused. */
    HELD
}

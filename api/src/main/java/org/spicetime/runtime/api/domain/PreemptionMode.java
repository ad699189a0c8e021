// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

/** Ways of preemption. */
public enum PreemptionMode {
    /** A more urgent task waits until a running one blocks, ends or has used its quantum. */
    NONE,
    /** Tasks yield at safe points. */
    COOPERATIVE,
    /** Preemption at once wherever the task can be stopped. */
    FULL,
    /** Only tasks above a threshold preempt, at safe points. */
    THRESHOLD
}

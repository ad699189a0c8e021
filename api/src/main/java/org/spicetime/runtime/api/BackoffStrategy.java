// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

/** How the delay grows from one attempt to the next. */
public enum BackoffStrategy {
    /** No delay. */
    NONE,
    /** Always the initial delay. */
    FIXED,
    /** The initial delay times the number of the attempt. */
    LINEAR,
    /** The initial delay times the multiplier to the power of the attempt. */
    EXPONENTIAL
}

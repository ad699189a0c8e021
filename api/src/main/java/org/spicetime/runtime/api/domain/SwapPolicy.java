// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

/** Which blocks go to swap first under memory pressure. */
public enum SwapPolicy {
    /** No swapping. */
    NONE,
    /** Least recently used. */
    LRU,
    /** Least frequently used. */
    LFU,
    /** Second chance. */
    CLOCK,
    /** Oldest. */
    FIFO,
    /** Blocks of the least urgent tasks. */
    PRIORITY
}

// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

/** Reclamation algorithms. What a task still holds when it ends is reclaimed under each of them. */
public enum GcStrategy {
    /** Blocks are freed explicitly or at the end of the task. */
    NONE,
    /** Shared blocks at the last release, or when a lease has run out. */
    REFERENCE_COUNTING,
    /** As REFERENCE_COUNTING, and cleaning up in small steps. */
    INCREMENTAL
}

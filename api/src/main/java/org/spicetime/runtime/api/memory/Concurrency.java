// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

/** Which calls an {@link AllocationStrategy} takes from several threads at once. Immutable. */
public enum Concurrency {
    /** None: the host holds the pool's lock around every call. */
    SINGLE,
    /**
     * Allocate, release, offset, size and resize, which synchronise inside. All other methods come
     * one at a time under the pool's lock, though possibly together with these.
     */
    INTERNAL
}

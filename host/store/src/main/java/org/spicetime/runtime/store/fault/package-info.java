// SPDX-License-Identifier: Apache-2.0
/**
 * What the store does when its disk is full, fails or lies: which errors mean what, what is refused
 * meanwhile, the ballast that keeps room for the end of what was begun, and the end of the process
 * when the disk refuses to synchronise. Thread-safe unless a type says otherwise; {@link
 * org.spicetime.runtime.store.fault.StoreGuard} is told of faults by the writer's thread and asked
 * by any.
 */
@NullMarked
package org.spicetime.runtime.store.fault;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * Watches over calls into policies and strategies: a meter for each seat measures them and tells
 * which one is under way; one watchdog thread judges those that do not come back, by processor time
 * and by what their thread waits for, and ends them with the polls that a weaver puts into plugin
 * classes. Meters belong to the thread that holds the lock of their seat; everything else is
 * thread-safe.
 */
@NullMarked
package org.spicetime.runtime.core.guard;

import org.jspecify.annotations.NullMarked;

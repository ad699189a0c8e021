// SPDX-License-Identifier: Apache-2.0
/**
 * How what the host does for a task leaves the slot of the task to others while it waits. Used on
 * the thread of the task.
 */
@NullMarked
package org.spicetime.runtime.core.waiting;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The built-in task handlers: one for each type of work. Handlers are thread-safe and hold no state
 * of a task; what a task needs it gets from its context.
 */
@NullMarked
package org.spicetime.runtime.handlers;

import org.jspecify.annotations.NullMarked;

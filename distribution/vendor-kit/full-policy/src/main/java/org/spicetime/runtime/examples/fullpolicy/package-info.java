// SPDX-License-Identifier: Apache-2.0
/**
 * Turns between types of task, as an example of a policy with its own queue. The factory is
 * thread-safe; an instance is called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.examples.fullpolicy;

import org.jspecify.annotations.NullMarked;

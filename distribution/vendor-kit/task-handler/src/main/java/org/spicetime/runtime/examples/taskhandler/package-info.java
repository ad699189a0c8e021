// SPDX-License-Identifier: Apache-2.0
/**
 * Counting primes, as an example of a task handler. The handler is called by many workers at a time
 * and keeps no state.
 */
@NullMarked
package org.spicetime.runtime.examples.taskhandler;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * Best fit, as an example of an allocation strategy. The factory is thread-safe; an instance is
 * called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.examples.allocationstrategy;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * Weighted shortest job first, as an example of a keyed policy. The factory is thread-safe; its
 * policy is a pure function and may be called by any thread.
 */
@NullMarked
package org.spicetime.runtime.examples.keyedpolicy;

import org.jspecify.annotations.NullMarked;

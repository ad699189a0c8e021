// SPDX-License-Identifier: Apache-2.0
/**
 * The allocation strategy BUDDY: powers of two, split and merged, with the descriptors beside the
 * pool. An instance is called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.memory.buddy;

import org.jspecify.annotations.NullMarked;

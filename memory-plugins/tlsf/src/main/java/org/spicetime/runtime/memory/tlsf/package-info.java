// SPDX-License-Identifier: Apache-2.0
/**
 * The allocation strategy TLSF: two-level segregated fit with its descriptors beside the pool. An
 * instance is called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.memory.tlsf;

import org.jspecify.annotations.NullMarked;

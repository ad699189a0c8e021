// SPDX-License-Identifier: Apache-2.0
/**
 * Threads as the operating system sees them: their numbers, whether it has them on a processor, and
 * how it ranks them. Linux on x86-64 and AArch64; absent elsewhere, which the callers are told. All
 * types are thread-safe.
 */
@NullMarked
package org.spicetime.runtime.core.osthreads;

import org.jspecify.annotations.NullMarked;

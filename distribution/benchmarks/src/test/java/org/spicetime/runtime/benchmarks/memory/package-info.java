// SPDX-License-Identifier: Apache-2.0
/** Tests of what the benchmarks print. */
@NullMarked
package org.spicetime.runtime.benchmarks.memory;

import org.jspecify.annotations.NullMarked;

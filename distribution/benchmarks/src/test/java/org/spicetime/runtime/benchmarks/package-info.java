// SPDX-License-Identifier: Apache-2.0
/** Tests of what the benchmarks print. */
@NullMarked
package org.spicetime.runtime.benchmarks;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** Tests of BEST_FIT. One thread. */
@NullMarked
package org.spicetime.runtime.memory.bestfit;

import org.jspecify.annotations.NullMarked;

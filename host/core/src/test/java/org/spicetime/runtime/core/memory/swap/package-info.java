// SPDX-License-Identifier: Apache-2.0
/** Tests of swapping, with real files and with faults. One thread per test, unless it says more. */
@NullMarked
package org.spicetime.runtime.core.memory.swap;

import org.jspecify.annotations.NullMarked;

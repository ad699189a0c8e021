// SPDX-License-Identifier: Apache-2.0
/** Tests of the watchdog; real threads and clocks. */
@NullMarked
package org.spicetime.runtime.core.guard;

import org.jspecify.annotations.NullMarked;

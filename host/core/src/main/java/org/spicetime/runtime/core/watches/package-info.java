// SPDX-License-Identifier: Apache-2.0
/** How values reach those who watch. Thread-safe. */
@NullMarked
package org.spicetime.runtime.core.watches;

import org.jspecify.annotations.NullMarked;

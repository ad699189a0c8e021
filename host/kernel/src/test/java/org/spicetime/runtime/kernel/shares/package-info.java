// SPDX-License-Identifier: Apache-2.0
/** Shares on a virtual clock. */
@NullMarked
package org.spicetime.runtime.kernel.shares;

import org.jspecify.annotations.NullMarked;

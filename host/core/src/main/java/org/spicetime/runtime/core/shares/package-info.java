// SPDX-License-Identifier: Apache-2.0
/**
 * Has the domains of a host use its processors as they are entitled to: measures what each uses and
 * limits how many tasks each runs. All public types are thread-safe.
 */
@NullMarked
package org.spicetime.runtime.core.shares;

import org.jspecify.annotations.NullMarked;

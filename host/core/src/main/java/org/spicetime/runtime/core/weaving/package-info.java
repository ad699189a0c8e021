// SPDX-License-Identifier: Apache-2.0
/**
 * Puts polls into the classes of policies and strategies while they are loaded, so that a call of
 * theirs can be ended from outside. Thread-safe.
 */
@NullMarked
package org.spicetime.runtime.core.weaving;

import org.jspecify.annotations.NullMarked;

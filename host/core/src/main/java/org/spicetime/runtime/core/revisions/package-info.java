// SPDX-License-Identifier: Apache-2.0
/**
 * The configurations a domain had, who made them, and where each value in force comes from.
 * Thread-safe.
 */
@NullMarked
package org.spicetime.runtime.core.revisions;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** How the host as a whole is. Values are immutable, reporters thread-safe. */
@NullMarked
package org.spicetime.runtime.core.health;

import org.jspecify.annotations.NullMarked;

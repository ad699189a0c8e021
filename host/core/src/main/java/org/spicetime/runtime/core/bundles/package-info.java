// SPDX-License-Identifier: Apache-2.0
/**
 * The bundles of the host as operators and vendors want to see them: what each is, what it
 * contributes, and what is wrong with it, in sentences that say what to do. Everything is looked at
 * by one thread of its own; readers see a consistent snapshot and never wait.
 */
@NullMarked
package org.spicetime.runtime.core.bundles;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * Load that a host and its peers get alike: producers that hand in jobs and count what ended. Each
 * class says which threads it has.
 */
@NullMarked
package org.spicetime.runtime.benchmarks.load;

import org.jspecify.annotations.NullMarked;

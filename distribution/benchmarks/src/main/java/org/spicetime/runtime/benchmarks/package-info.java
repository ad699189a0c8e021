// SPDX-License-Identifier: Apache-2.0
/**
 * Measures the assembled host from inside: a bundle that runs one suite, prints a line per figure
 * and stops the host. Everything runs on one thread unless it says otherwise.
 */
@NullMarked
package org.spicetime.runtime.benchmarks;

import org.jspecify.annotations.NullMarked;

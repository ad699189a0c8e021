// SPDX-License-Identifier: Apache-2.0
/** What runs the suite that was asked for. */
@NullMarked
package org.spicetime.runtime.benchmarks.runner;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * What polls cost the code of tasks, and how soon a poll is reached. Runs on a thread of its own
 * that looks at polls as workers do, beside a second one that asks.
 */
@NullMarked
package org.spicetime.runtime.benchmarks.weaving;

import org.jspecify.annotations.NullMarked;

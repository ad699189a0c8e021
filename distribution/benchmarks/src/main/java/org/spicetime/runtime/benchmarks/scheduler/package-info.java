// SPDX-License-Identifier: Apache-2.0
/** How fast tasks get to workers, beside what people would otherwise use. */
@NullMarked
package org.spicetime.runtime.benchmarks.scheduler;

import org.jspecify.annotations.NullMarked;

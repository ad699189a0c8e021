// SPDX-License-Identifier: Apache-2.0
/** Tests of schedules on a clock of their own. Each test runs on one thread. */
@NullMarked
package org.spicetime.runtime.core.schedules;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** Tests of fixed rates and cron expressions, against a clock that is read second by second. */
@NullMarked
package org.spicetime.runtime.core.recurrence;

import org.jspecify.annotations.NullMarked;

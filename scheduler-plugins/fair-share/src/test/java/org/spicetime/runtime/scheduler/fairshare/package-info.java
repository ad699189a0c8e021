// SPDX-License-Identifier: Apache-2.0
/** Tests of the policy. Each test runs on one thread unless it says otherwise. */
@NullMarked
package org.spicetime.runtime.scheduler.fairshare;

import org.jspecify.annotations.NullMarked;

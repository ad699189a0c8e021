// SPDX-License-Identifier: Apache-2.0
/** Tests of the analyses, against numbers from the literature and against plain enumeration. */
@NullMarked
package org.spicetime.runtime.api.scheduler.analysis;

import org.jspecify.annotations.NullMarked;

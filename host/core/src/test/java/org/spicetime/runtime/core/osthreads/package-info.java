// SPDX-License-Identifier: Apache-2.0
/** Tests of the package of the same name. Each test has its own host. */
@NullMarked
package org.spicetime.runtime.core.osthreads;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** Tests of {@code store.sqlite.prune}. */
@NullMarked
package org.spicetime.runtime.store.sqlite.prune;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** Tests of {@code store.sqlite.backup}. */
@NullMarked
package org.spicetime.runtime.store.sqlite.backup;

import org.jspecify.annotations.NullMarked;

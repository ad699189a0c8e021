// SPDX-License-Identifier: Apache-2.0
/** Tests of {@code store.sqlite}. */
@NullMarked
package org.spicetime.runtime.store.sqlite;

import org.jspecify.annotations.NullMarked;

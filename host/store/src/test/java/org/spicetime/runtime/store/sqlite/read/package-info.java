// SPDX-License-Identifier: Apache-2.0
/** Tests of {@code store.sqlite.read}. */
@NullMarked
package org.spicetime.runtime.store.sqlite.read;

import org.jspecify.annotations.NullMarked;
